"""The work of a worker that never comes back: ``flask --app app hand-back worker-3``."""

from collections import Counter
from collections.abc import Collection

import click
from dbos import DBOSClient, WorkflowStatus
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from jobs.worker_name import NameTaken, acquire
from queues import NAME


class Unfinished:
    """What workers have begun and not ended, as the jobs database knows it."""

    def __init__(self, jobs_database_url: str):
        self._client = DBOSClient(system_database_url=jobs_database_url, application_name=NAME)

    def close(self) -> None:
        self._client.destroy()

    def of(self, worker: str | None = None) -> list[WorkflowStatus]:
        """The workflows of this worker, else those of all."""
        return self._client.list_workflows(
            status="PENDING", executor_id=worker, load_input=False, load_output=False
        )

    def hand_back(self, worker: str, busy: Collection[str | None] = ()) -> int:
        """Queue again what this worker has not ended, but for the busy ids; returns how many."""
        given = [one for one in self.of(worker) if one.workflow_id not in busy]
        for one in given:
            self._client.resume_workflows([one.workflow_id], queue_name=one.queue_name)
        return len(given)


@click.command("hand-back")
@click.argument("worker", required=False)
@click.option("--queue", is_flag=True, help="Queue it again. Without this, only say what there is.")
@with_appcontext
def hand_back(worker: str | None, queue: bool) -> None:
    """Queue what a worker has left behind, for the others to go on with.

    Only for one that is never started again under its name. Without a name, say who has what.
    """
    settings = current_app.config["SETTINGS"]
    url = settings.jobs_database_url
    unfinished = Unfinished(url)
    try:
        if worker is None:
            _say_who(unfinished)
            return
        lock = acquire(worker, url, settings.WORKER_NAME_SECONDS)
        _say_what(unfinished, worker)
        if queue:
            click.echo(f"{unfinished.hand_back(worker)} handed back to the queue.")
        else:
            click.echo("Nothing was handed back. Add --queue to do it.")
        lock.release()
    except NameTaken:
        raise click.ClickException(
            f"A worker named {worker} is running. Stop it: it hands back its work itself."
        ) from None
    except DBAPIError as error:
        raise click.ClickException(
            f"The jobs database cannot be read; the first worker makes it. {error.orig}"
        ) from None
    finally:
        unfinished.close()


def _say_who(unfinished: Unfinished) -> None:
    """A line for each worker that has begun something."""
    counts = Counter(one.executor_id for one in unfinished.of())
    for name, count in sorted(counts.items()):
        click.echo(f"{name}: {count} unfinished")
    if not counts:
        click.echo("No worker has anything unfinished.")


def _say_what(unfinished: Unfinished, worker: str) -> None:
    left = unfinished.of(worker)
    click.echo(f"{len(left)} unfinished of {worker}:")
    for one in left:
        click.echo(f"  {one.workflow_id} ({one.name})")
