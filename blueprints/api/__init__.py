"""/api/v1, for programs with a key: views and their bodies. Only blueprints come in."""
