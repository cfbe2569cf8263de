"""The other settings pages: Jobs, Plan and Activity. Only blueprints come in."""
