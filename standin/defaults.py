"""What a non-null field is when its record does not have it."""

from graphql import (
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLUnionType,
)
from graphql import get_named_type as named

from standin.schema import typenames

SCALARS = {
    "Boolean": False,
    "Int": 0,
    "Float": 0.0,
    "String": "",
    "HTML": "",
    "FormattedString": "",
    "Color": "#000000",
    "URL": "https://example.com/",
    "ID": "gid://shopify/Unknown/0",
    "UnsignedInt64": "0",
    "BigInt": "0",
    "Decimal": "0.0",
    "Money": "0.00",
    "Date": "2026-01-01",
    "DateTime": "2026-01-01T00:00:00Z",
    "JSON": {},
}
ENUMS = {
    "CurrencyCode": "USD",
    "CountryCode": "US",
    "WeightUnit": "KILOGRAMS",
    "LengthUnit": "CENTIMETERS",
    "LanguageCode": "EN",
    "CountPrecision": "EXACT",
    "UnitSystem": "METRIC_SYSTEM",
}


def default(kind: GraphQLOutputType):
    """The stand-in value of a type: zero, blank, empty, or the first enum value or type."""
    if isinstance(kind, GraphQLList):
        return []
    if isinstance(kind, GraphQLObjectType):
        return {}
    if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
        return {"__typename": typenames(kind.name)[0]}
    if isinstance(kind, GraphQLEnumType):
        values = [name for name, value in kind.values.items() if not value.deprecation_reason]
        return ENUMS.get(kind.name, values[0])
    return SCALARS.get(named(kind).name, "")
