"""Files up and down: addresses of Shopify's own storage, between which and a user's machine the
bytes go without us."""
