"""The columns of postal addresses, which each sheet names and orders in its own way."""

from collections.abc import Callable, Mapping

from transfer.types.base import Column
from transfer.types.forms import TEXT, Form

FIELDS = {
    "First Name": "firstName",
    "Last Name": "lastName",
    "Name": "name",
    "Recipient": "recipient",
    "Company": "company",
    "Phone": "phone",
    "Address 1": "address1",
    "Address 2": "address2",
    "Line 1": "address1",
    "Line 2": "address2",
    "Zip": "zip",
    "City": "city",
    "Province": "province",
    "Province Code": "provinceCode",
    "Country": "country",
    "Country Code": "countryCodeV2",
}
"""Where a MailingAddress has what a header calls so."""


def address_columns(
    header: str,
    names: tuple[str, ...],
    path: str = "",
    fields: Mapping[str, str] = FIELDS,
    aliases: Callable[[str], tuple[str, ...]] = lambda name: (),
    write: str = "",
    forms: Mapping[str, Form] = {},
    instead: Mapping[str, str] = {},
) -> tuple[Column, ...]:
    """Columns of these names in their order; ``header`` has ``{}`` in the place of the name. The
    address is found at the ``path``, or is the object itself.

    With ``write``, the path of a CompanyAddressInput or a MailingAddressInput, they can be written.
    ``instead`` names what counts in the place of a name where it is filled.
    """
    start = f"{path}." if path else ""
    return tuple(
        Column(
            header.replace("{}", name),
            f"{start}{fields[name]}",
            forms.get(name, TEXT),
            aliases=aliases(name),
            write=f"{write}.{fields[name].removesuffix('V2')}" if write else "",
            unless=header.replace("{}", instead[name]) if name in instead else "",
        )
        for name in names
    )
