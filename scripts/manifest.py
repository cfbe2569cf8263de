"""Write shopify.app.toml and docs/scopes.md again: after a data type's scopes have changed."""

from pathlib import Path

from commands.manifest import scopes_page, toml

ROOT = Path(__file__).parent.parent
FILES = {
    "shopify.app.toml": lambda: toml("your-client-id", "https://altera.example.com", "altera"),
    "docs/scopes.md": scopes_page,
}
"""The files, as the repository has them: for an app that has yet to be made at Shopify."""

if __name__ == "__main__":
    for name, text in FILES.items():
        (ROOT / name).write_text(text())
