"""Whether a value may stand for a parameter, and how a word on the command line becomes one.

Errors name the parameter and the type wanted, never the value: it may be somebody's name.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from graph.errors import UsageError
from graph.schema import Kind

MOST_TEXTS = 50_000
"""Longest list taken as one parameter: the people of the largest scope, with room."""

_CHECKS: Mapping[Kind, Callable[[object], bool]] = {
    Kind.TEXT: lambda value: isinstance(value, str),
    Kind.TEXTS: lambda value: (
        isinstance(value, list | tuple) and len(value) <= MOST_TEXTS and all(isinstance(one, str) for one in value)
    ),
    Kind.DATE: lambda value: isinstance(value, date) and not isinstance(value, datetime),
    Kind.FLAG: lambda value: isinstance(value, bool),
    Kind.NUMBER: lambda value: isinstance(value, int | float) and not isinstance(value, bool),
}

_WANTED: Mapping[Kind, str] = {
    Kind.TEXT: "a text",
    Kind.TEXTS: f"a list of at most {MOST_TEXTS} texts",
    Kind.DATE: "a date",
    Kind.FLAG: "true or false",
    Kind.NUMBER: "a number",
}


def checked(name: str, kind: Kind, value: object) -> object:
    """The value as the engine takes it. Raises UsageError if it is of another type."""
    if not _CHECKS[kind](value):
        raise UsageError(f"Parameter {name} must be {_WANTED[kind]}.")
    return list(value) if isinstance(value, tuple) else value


def from_words(name: str, kind: Kind, words: str) -> object:
    """The value typed on a command line: dates as 2012-05-12, lists with commas, flags as true or false.

    Raises UsageError if it cannot be read.
    """
    try:
        return _READERS[kind](words)
    except (ValueError, KeyError):
        raise UsageError(f"Parameter {name} must be {_WANTED[kind]}.") from None


_READERS: Mapping[Kind, Callable[[str], object]] = {
    Kind.TEXT: str,
    Kind.TEXTS: lambda words: [one.strip() for one in words.split(",") if one.strip()],
    Kind.DATE: date.fromisoformat,
    Kind.FLAG: lambda words: {"true": True, "false": False}[words.strip().lower()],
    Kind.NUMBER: float,
}
