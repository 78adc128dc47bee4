"""Typed look-ups in a row of a catalogue query: a missing, empty or ill-typed value is None, never a guess."""

from collections.abc import Iterable, Mapping
from datetime import date

Row = Mapping[str, object]


def text(row: Row, name: str) -> str | None:
    """A text that says something, else None."""
    value = row.get(name)
    return value if isinstance(value, str) and value else None


def day(row: Row, name: str) -> date | None:
    """A calendar day, else None."""
    value = row.get(name)
    return value if isinstance(value, date) else None


def flag(row: Row, name: str) -> bool:
    """Whether the source says yes. Not recorded counts as no: use it only where that is what the page says."""
    return row.get(name) is True


def texts(row: Row, name: str) -> tuple[str, ...]:
    """A list of texts, possibly empty."""
    value = row.get(name)
    return tuple(item for item in value if isinstance(item, str) and item) if isinstance(value, list | tuple) else ()


def unique(values: Iterable[str]) -> list[str]:
    """The values in their order, each once."""
    return list(dict.fromkeys(values))


def listed(values: Iterable[str], last: str = "and") -> str:
    """A list as people write it: "a, b and c"."""
    items = list(values)
    return f"{', '.join(items[:-1])} {last} {items[-1]}" if len(items) > 1 else "".join(items)
