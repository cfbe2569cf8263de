"""Export: the steps of its job, and the file streamed from Shopify's result."""
