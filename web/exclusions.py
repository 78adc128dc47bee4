"""Who may not see whom: the live build's `exclusions.json`, read once a build. Without it nobody is shown anybody.

An excluded person does not exist for that reader. Nothing here is ever logged, counted or shown.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from graph.errors import EngineDown

FILE = "exclusions.json"
Exclusions = Mapping[str, tuple[tuple[str, date | None], ...]]
"""Viewer in small letters to the people they may not see, each with the last day that holds."""


def excluded_people(build: Path, names: Iterable[str], on: date) -> list[str]:
    """Ids of the people whom a viewer called by any of these names may not see on that day.

    Raises EngineDown where the build's list is missing or damaged.
    """
    held = _read(build)
    mine = {name.strip().casefold() for name in names} - {""}
    return sorted({person for name in mine for person, until in held.get(name, ()) if until is None or until >= on})


@lru_cache(maxsize=4)
def _read(build: Path) -> Exclusions:
    """A published build never changes."""
    found: dict[str, list[tuple[str, date | None]]] = {}
    try:
        for row in json.loads((build / FILE).read_text(encoding="utf-8")):
            until = date.fromisoformat(row["until"]) if row["until"] is not None else None
            found.setdefault(row["viewer"].strip().casefold(), []).append((str(row["person_id"]), until))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise EngineDown(
            f"The live build cannot be read: {build / FILE} is missing or damaged. Run `flask refresh` again."
        ) from None
    return {name: tuple(people) for name, people in found.items()}
