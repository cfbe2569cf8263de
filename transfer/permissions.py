"""What a key may be allowed to do: 36 permissions, drawn from the registry of data types.

A permission is a string ``"<type>:export"`` or ``"<type>:import"``, always compared whole.
"""

from collections.abc import Collection
from functools import lru_cache

from models.job import EXPORT, IMPORT
from transfer.types import ALL, BY_NAME
from translations import N_, _

DIRECTIONS = (EXPORT, IMPORT)
PERMISSIONS = tuple(
    f"{data_type.name}:{direction}"
    for data_type in ALL
    for direction in DIRECTIONS
    if direction == EXPORT or data_type.importable
)
EXPORTS = tuple(p for p in PERMISSIONS if p.endswith(f":{EXPORT}"))
IMPORTS = tuple(p for p in PERMISSIONS if p.endswith(f":{IMPORT}"))
COLUMNS = {EXPORT: EXPORTS, IMPORT: IMPORTS}
HEADINGS = {EXPORT: N_("Export"), IMPORT: N_("Import")}
WORDS = {EXPORT: N_("%(type)s: export"), IMPORT: N_("%(type)s: import")}
BRIEF = {
    (EXPORT,): N_("%(type)s export"),
    (IMPORT,): N_("%(type)s import"),
    DIRECTIONS: N_("%(type)s export and import"),
}

PRESETS = {
    "files": (N_("File management"), frozenset({"files:export", "files:import"})),
    "products": (
        N_("Product data"),
        frozenset({"products:export", "products:import", "files:export"}),
    ),
    "read-only": (N_("Read-only"), frozenset(EXPORTS)),
    "full": (N_("Full access"), frozenset(PERMISSIONS)),
    "clear": (N_("Clear"), frozenset()),
}


def known_permissions(names: Collection[str]) -> list[str]:
    """The names that are permissions, each once, in the order of the guide."""
    wanted = set(names)
    return [permission for permission in PERMISSIONS if permission in wanted]


@lru_cache
def by_direction(held: frozenset[str]) -> dict[str, list[str]]:
    """``{"export": [type names], "import": [type names]}``, each in the order of the guide."""
    kept = [permission.split(":") for permission in known_permissions(held)]
    return {way: [name for name, side in kept if side == way] for way in DIRECTIONS}


def unknown(names: Collection[str]) -> list[str]:
    """The names that are no permission, sorted."""
    return sorted(set(names) - set(PERMISSIONS))


def words(permission: str) -> str:
    """``"draft_orders:import"`` as a merchant reads it on the page: ``Draft Orders: import``."""
    name, colon, direction = permission.partition(":")
    return _(WORDS[direction], type=_(BY_NAME[name].label))


def summary(names: Collection[str]) -> str:
    """What a set of permissions amounts to, in a few words for one line of a table."""
    held = set(known_permissions(names))
    exports, imports = held.intersection(EXPORTS), held.intersection(IMPORTS)
    if not held:
        return _("No access")
    if len(held) == len(PERMISSIONS):
        return _("Full access")
    if len(held) <= 2:
        return _few(held)
    if not imports:
        return _("Export only")
    if not exports:
        return _("Import only")
    return _("Export and import")


def _few(held: set[str]) -> str:
    ways = {
        data_type: tuple(d for d in DIRECTIONS if f"{data_type.name}:{d}" in held)
        for data_type in ALL
    }
    return ", ".join(
        _(BRIEF[way], type=_(data_type.label)) for data_type, way in ways.items() if way
    )
