"""The columns of postal addresses, which each sheet names and orders in its own way."""

from collections.abc import Callable, Mapping
from typing import Any

from transfer.types.base import Column
from transfer.types.codes import COUNTRIES
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
CODES = frozenset(COUNTRIES.split())


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


def by_code_or_name(address: dict[str, Any], there: Mapping[str, Any]) -> None:
    """Have an address as Shopify takes it: of a country or a province its code or, where that is
    what differs from the one that is ``there``, its name."""
    for name in ("country", "province"):
        given = address.pop(name, None)
        if given and given != there.get(name):
            is_code = name == "country" and given in CODES
            address.pop(f"{name}Code", None)
            address[f"{name}Code" if is_code else name] = given
