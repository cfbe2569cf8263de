"""Programs that make, start and picture the project; the product itself imports none of them."""
