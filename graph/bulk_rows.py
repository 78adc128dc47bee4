"""Rows of a bulk load: their shape, and the check that nothing is written that the schema does not name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from graph.errors import DataRefused, UsageError
from graph.schema import EDGES, NODES, all_properties

NodeRow = tuple[str, Mapping[str, object]]
"""Label and properties."""

EdgeRow = tuple[str, str, str, str, str, Mapping[str, object]]
"""Type, label and key of where it starts, label and key of where it ends, properties."""

_NAMES = {kind.label: frozenset(p.name for p in all_properties(kind)) for kind in NODES} | {
    kind.type: frozenset(p.name for p in all_properties(kind)) for kind in EDGES
}
_DATABASE = re.compile(r"[a-z][a-z0-9_]{0,62}")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many nodes and edges an engine says it created."""

    nodes: int
    edges: int


def kept(kind: str, properties: Mapping[str, object]) -> dict[str, object]:
    """The properties worth writing: nothing empty (None, no text, no items); False and 0 are values.

    Raises DataRefused for a property, label or type that the schema does not name.
    """
    names = _NAMES.get(kind)
    if names is None:
        raise DataRefused(f"The schema has no node or edge called {kind}.")
    if not names >= properties.keys():
        unknown = ", ".join(sorted(properties.keys() - names))
        raise DataRefused(f"The schema gives {kind} no such property: {unknown}. Add it to graph/schema.py first.")
    return {name: value for name, value in properties.items() if value is not None and value not in ("", [])}


def database_name(name: str) -> str:
    """The name, if it can stand in an engine's command as it is. Raises UsageError."""
    if not _DATABASE.fullmatch(name):
        raise UsageError(f"A graph's name is made of small letters, digits and underscores, not: {name!r}.")
    return name
