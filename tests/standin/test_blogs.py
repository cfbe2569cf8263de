"""Blogs: what they refuse has the codes of their own mutations."""

import pytest

BLOG = """mutation ($blog: BlogCreateInput!) { blogCreate(blog: $blog) {
    blog { id handle } userErrors { field code } } }"""


@pytest.mark.parametrize(
    ("blog", "field", "code"),
    [
        ({"title": " "}, "title", "INVALID"),
        ({"title": "x" * 256}, "title", "TOO_LONG"),
        ({"title": "Other", "handle": "news-of-tea"}, "handle", "INVALID"),
    ],
)
def test_a_blog_that_is_refused_has_a_code_of_its_own_mutation(alice, blog, field, code):
    made = alice.ask(BLOG, blog={"title": "News of tea"})["blogCreate"]
    assert made["blog"]["handle"] == "news-of-tea"
    refused = alice.ask(BLOG, blog=blog)["blogCreate"]
    assert refused["userErrors"] == [{"field": ["blog", field], "code": code}]
