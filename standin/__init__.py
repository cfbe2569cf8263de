"""A stand-in for Shopify that runs on your machine: same URLs, same JSON, kept on disk."""
