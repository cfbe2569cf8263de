"""Our standing with each shop: access, tokens, plan, installation, webhooks and customer data."""
