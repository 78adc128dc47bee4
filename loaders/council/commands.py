"""`flask generate`: writes an invented council. Refuses to mix it with anything that is already in the folder."""

import shutil
from datetime import date, datetime
from pathlib import Path

import click

from graph.errors import ExplorerError, StorageFailed, UsageError
from loaders.council.generate import generate
from loaders.council.population import LEAST_PEOPLE
from loaders.council.writers import PARTNERS

_OURS = ("manifest.toml", "mosaic", "lcs", "school_census", "truth", *(partner.source for partner in PARTNERS))
_EARLIEST = date(2020, 1, 1)


@click.command("generate")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--people", metavar="N", type=int, default=20_000, show_default=True, help="How many people the council has."
)
@click.option(
    "--seed", metavar="S", type=int, default=1, show_default=True, help="Another number makes another council."
)
@click.option(
    "--today", metavar="D", type=click.DateTime(["%Y-%m-%d"]), help="The day of the extracts.  [default: today]"
)
@click.option("--force", is_flag=True, help="Replace the council that is in DIR.")
def generate_command(folder: Path, people: int, seed: int, today: datetime | None, force: bool) -> None:
    """Write an invented council to DIR, with the truth beside it.

    The same arguments give the same bytes on any machine. Give --today for that: without it the day is today.
    """
    try:
        day = _checked(people, today)
        _make_room(folder, force)
        counts = generate(folder, people, seed, day)
    except OSError as error:
        _fail(StorageFailed(f"{folder} cannot be written ({error.strerror}). Give a folder you may write to."))
    except ExplorerError as error:
        _fail(error)
    else:
        known = ", ".join(f"{count:,} records in {source}" for source, count in counts.items())
        click.echo(f"An invented council of {people:,} people as at {day.isoformat()} is in {folder}: {known}.")


def _fail(error: ExplorerError) -> None:
    click.echo(error.message, err=True)
    raise SystemExit(error.exit_code)


def _checked(people: int, today: datetime | None) -> date:
    """The day of the extracts; UsageError where size or day cannot hold the two stories."""
    if people < LEAST_PEOPLE:
        raise UsageError(
            f"--people is {people}. A council has at least {LEAST_PEOPLE} people: the two stories need nine."
        )
    day = today.date() if today else date.today()
    if day < _EARLIEST:
        raise UsageError(f"--today is before {_EARLIEST.isoformat()}, too early for the two stories. Give a later day.")
    return day


def _make_room(folder: Path, force: bool) -> None:
    """An empty folder; with `force` an earlier council is removed, and nothing else ever is."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file. Give the name of a new or empty folder.")
    there = {path.name for path in folder.iterdir()} if folder.exists() else set()
    if there and not force:
        raise UsageError(f"{folder} is not empty. Give a new folder, or --force to replace the council that is in it.")
    if foreign := sorted(there - set(_OURS)):
        raise UsageError(
            f"{folder} holds {foreign[0]}, no part of an invented council. Nothing was removed; give another folder."
        )
    for name in sorted(there):
        path = folder / name
        path.unlink() if path.is_file() or path.is_symlink() else shutil.rmtree(path)
    folder.mkdir(parents=True, exist_ok=True)


commands: tuple[click.Command, ...] = (generate_command,)
