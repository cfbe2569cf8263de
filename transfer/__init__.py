"""Export and import: the product itself. Knows models and shopify, not HTTP."""
