"""Workers and organisations that sources only name, each told once per source however often its rows repeat it."""

from collections.abc import Iterator

from loaders.clean.organisations import organisation_key, organisation_kind
from loaders.context import NO_KEY, Context, StandardRow

Rows = Iterator[tuple[str, StandardRow]]


def organisation(name: str | None, context: Context, kind: str = "", **contact: str | None) -> Rows:
    """An organisation the first time it is named; nothing without a name. `contact` is phone and email."""
    shelf = context.shelves["organisations"]
    if name and name not in shelf:
        shelf[name] = True
        found = {"organisation_id": organisation_key(name), "name": name, "kind": kind or organisation_kind(name)}
        yield "organisation", {**found, **contact}


def worker(worker_id: str | None, said: StandardRow, context: Context) -> Rows:
    """A worker the first time their id is met, with their organisation. `said` has the columns of a practitioner."""
    shelf = context.shelves["workers"]
    if worker_id is None or worker_id in NO_KEY or worker_id in shelf:
        return
    shelf[worker_id] = True
    yield "practitioner", {"worker_id": worker_id, **said}
    named = said.get("organisation")
    yield from organisation(str(named) if named else None, context)


def worker_key(name: str | None, organisation: str | None = None) -> str | None:
    """An id for a worker whom a source only names: of their name and organisation; none without a name."""
    return organisation_key(f"{name} {organisation or ''}") if name else None
