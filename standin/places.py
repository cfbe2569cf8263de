"""Names of countries and of some of their provinces, as addresses show them."""

from functools import cache

from babel import Locale

PROVINCES = {
    "CA": {
        **{"AB": "Alberta", "BC": "British Columbia", "MB": "Manitoba", "NB": "New Brunswick"},
        **{"NL": "Newfoundland and Labrador", "NS": "Nova Scotia", "ON": "Ontario"},
        **{"PE": "Prince Edward Island", "QC": "Quebec", "SK": "Saskatchewan"},
        **{"NT": "Northwest Territories", "NU": "Nunavut", "YT": "Yukon"},
    },
    "US": {
        **{"CA": "California", "FL": "Florida", "ME": "Maine", "NY": "New York", "OH": "Ohio"},
        **{"TX": "Texas", "VT": "Vermont", "WA": "Washington"},
    },
}
"""Of a country that is not here any province is taken."""


@cache
def countries() -> dict[str, str]:
    """The English names of countries by their codes."""
    names = Locale("en").territories
    return {code: name for code, name in names.items() if len(code) == 2 and code.isalpha()}


def country_name(code: str | None) -> str | None:
    return countries().get(code or "", code)


def country_of(name: str | None) -> tuple[str | None, str | None]:
    """Code and name of the country that has this name."""
    wanted = (name or "").casefold()
    return next(
        ((code, one) for code, one in countries().items() if one.casefold() == wanted),
        (None, None),
    )


def provinces(country: str | None) -> dict[str, str]:
    return PROVINCES.get(country or "", {})


def province_name(country: str | None, code: str | None) -> str | None:
    return provinces(country).get(code or "", code)
