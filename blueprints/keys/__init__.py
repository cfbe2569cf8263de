"""Settings > API Keys: its views, forms and queries. Only blueprints come in."""
