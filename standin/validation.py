"""What is wrong with a document by the rules that Shopify's server (GraphQL Ruby) applies.

One differs from the specification's: a response key may have another return type in each type of an
abstract type's objects. GraphQL Ruby runs such queries unless it is set up to refuse them.
https://graphql-ruby.org/api-doc/GraphQL/Schema.html#allow_legacy_invalid_return_type_conflicts-class_method
"""

import re

from graphql import DocumentNode, GraphQLError, validate

from standin.schema import admin

FIELDS_CONFLICT = re.compile(r"Fields '[^']+' conflict because ")
OTHER_CONFLICT = re.compile(r"are different fields|they have differing arguments|stream directives")


def problems(document: DocumentNode) -> list[GraphQLError]:
    return [error for error in validate(admin().schema, document) if not _types_alone(error)]


def _types_alone(error: GraphQLError) -> bool:
    """Whether fields conflict in their return types and in nothing else."""
    return bool(FIELDS_CONFLICT.match(error.message)) and not OTHER_CONFLICT.search(error.message)
