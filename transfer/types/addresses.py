"""The columns of postal addresses, which each sheet names and orders in its own way."""

from collections.abc import Callable, Mapping

from transfer.types.base import Column

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
) -> tuple[Column, ...]:
    """Columns of these names in their order; ``header`` has ``{}`` in the place of the name. The
    address is found at the ``path``, or is the object itself."""
    start = f"{path}." if path else ""
    return tuple(
        Column(header.replace("{}", name), f"{start}{fields[name]}", aliases=aliases(name))
        for name in names
    )
