"""A worker that prints how often it asks its jobs database for what DBOS looks for by itself."""

import os
import time
from collections import Counter

from sqlalchemy import Engine, event

import worker
from app import create_app
from config import read

SECONDS = 6
"""Within which there is a look each four seconds, also on a busy machine, and no third one."""
OWN = ("_dbos_internal_queue", "DELAYED")
"""What the statements hold that look for scheduled and for delayed workflows."""


def main() -> None:
    counts: Counter[str] = Counter()

    @event.listens_for(Engine, "before_cursor_execute")
    def note(_connection, _cursor, _sql, parameters, _context, _many):
        values = parameters.values() if isinstance(parameters, dict) else parameters
        counts.update(name for name in OWN if name in values)

    app = create_app(read(os.environ))
    worker.make_database(app.config["SETTINGS"].jobs_database_url)
    worker.start(app)
    time.sleep(1)
    counts.clear()
    time.sleep(SECONDS)
    print(*(counts[name] for name in OWN), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
