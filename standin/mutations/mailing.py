"""Postal addresses of orders as inputs give them, and as records keep them."""

from standin.context import Context
from standin.places import country_name, country_of, province_name

FIELDS = ("firstName", "lastName", "company", "phone", "address1", "address2", "zip", "city")


def record_of(context: Context, given: dict | None) -> dict | None:
    """The MailingAddress that an input stands for: a new one, whatever was there before."""
    if not given or not any(given.values()):
        return None
    names = " ".join(filter(None, (given.get("firstName"), given.get("lastName"))))
    code = given.get("countryCode") or country_of(given.get("country"))[0]
    country = country_name(code) or given.get("country")
    region = given.get("provinceCode")
    return {
        "__typename": "MailingAddress",
        "id": f"{context.shop.new_id('MailingAddress')}?model_name=Address",
        **{name: given.get(name) for name in FIELDS},
        "name": names or None,
        "province": province_name(code, region) or given.get("province"),
        "provinceCode": region,
        "country": country,
        "countryCodeV2": code,
        "formatted": [line for line in (names, given.get("address1"), country) if line],
    }
