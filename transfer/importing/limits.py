"""How much one shop may import, so that it does not hurt the others."""

from dataclasses import dataclass

from flask import current_app

from models.job import Job

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """The size and rows of one file, and the bytes that all imports of a shop take up."""

    file_bytes: int
    rows: int
    shop_bytes: int

    @classmethod
    def current(cls) -> "Limits":
        """As the settings have them."""
        settings = current_app.config["SETTINGS"]
        return cls(
            file_bytes=settings.IMPORT_MAX_MB * MEGABYTE,
            rows=settings.IMPORT_MAX_ROWS,
            shop_bytes=settings.SHOP_IMPORTS_MAX_MB * MEGABYTE,
        )

    def bytes_left(self, shop_id: int) -> int:
        """How many bytes the shop may still store, beside what it has sent and stored."""
        return self.shop_bytes - Job.bytes_stored(shop_id)
