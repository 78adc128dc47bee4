"""Dates as council systems write them. A day that cannot exist is an error, a placeholder is no date at all. The forms
stand in `dates.yaml`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache

from loaders.clean import placeholders, wordlists
from loaders.clean.wordlists import BadTable, Table

_WHERE = "loaders/clean/dates.yaml"
_TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?: ?(?:Z|[+-]\d{2}:?\d{2}))?)?"
_HALF_DAYS = r" \d{1,2}:\d{2}(?::\d{2}(?:[.:]\d{1,9})?)? ?[AaPp][Mm]"
_PARTS = re.compile(r"yyyy|mm|dd|mon|\[[^\]\\^]+\]|.")
_PATTERNS = {"yyyy": r"(?P<y>\d{4})", "mm": r"(?P<m>\d{1,2})", "dd": r"(?P<d>\d{1,2})", "mon": r"(?P<n>[A-Za-z]{3,9})"}
_COUNTED = re.compile(r"[1-9]\d{4}(?:\.\d+)?", re.ASCII)
_FIRST_COUNTED = date(1899, 12, 30)
_NAMES = ({"yyyy", "mm", "dd"}, {"yyyy", "mon", "dd"})

MONTH_FIRST = "no such month: the month may stand before the day"
"""Reason of a date that could only be right the American way. Never read so: the next one might be either."""


class BadDate(ValueError):
    """A text that is not a day. The message is the reason, and never repeats the text."""


@dataclass(frozen=True, slots=True)
class Forms:
    """`dates.yaml`: each form as a pattern with the groups y, d, and m or n (the month's name)."""

    patterns: tuple[re.Pattern[str], ...]
    months: dict[str, int]
    earliest: date


@lru_cache(maxsize=131_072)
def parse_date(text: str) -> date | None:
    """The calendar day of a text: ISO with or without time, UK dd/mm/yyyy, 2012-May-12, 12-May-2012, May 12 2012,
    20120512, or the five digits of a day of which a spreadsheet has lost the form.

    None for an empty value or a placeholder. Raises BadDate for anything else, days before 1900 included.
    """
    text = " ".join(text.split())
    if text.upper() in placeholders.upper("dates"):
        return None
    found = _counted(text) if _COUNTED.fullmatch(text) else _written(text)
    if found in placeholders.days():
        return None
    if found < _forms().earliest:
        raise BadDate("before 1900")
    return found


def _counted(text: str) -> date:
    """The day of a spreadsheet's count of days. Five digits reach from 1927 to 2173 and are no other way of writing."""
    return _FIRST_COUNTED + timedelta(days=int(text[:5]))


def _written(text: str) -> date:
    year, month, day = _parts(text, _forms())
    try:
        return date(year, month, day)
    except ValueError:
        american = month > 12 >= day and not text[:4].isdigit()
        raise BadDate(MONTH_FIRST if american else "no such day in the calendar") from None


def earliest() -> date:
    """The first day accepted."""
    return _forms().earliest


def months() -> dict[str, int]:
    """The number of a month by its name, in small letters."""
    return _forms().months


def _parts(text: str, forms: Forms) -> tuple[int, int, int]:
    for pattern in forms.patterns:
        if match := pattern.fullmatch(text):
            found = match.groupdict()
            month = int(found["m"]) if "m" in found else _month(found["n"], forms.months)
            return int(found["y"]), month, int(found["d"])
    raise BadDate("not a date: write it as year-month-day or day/month/year")


def _month(name: str, months: dict[str, int]) -> int:
    try:
        return months[name.lower()]
    except KeyError:
        raise BadDate("no such month") from None


@cache
def _forms() -> Forms:
    return build(wordlists.read("dates"))


def build(table: Table) -> Forms:
    """The forms of a table. Raises BadTable: a form without its three parts, a month that is none, no earliest day."""
    forms = wordlists.texts(wordlists.part(table, "forms", "dates"), f"{_WHERE} forms")
    earliest_day = str(wordlists.part(table, "earliest", "dates"))
    return Forms(
        patterns=tuple(re.compile(_pattern(form), re.ASCII) for form in forms),
        months=dict(_months(table)),
        earliest=placeholders.day(earliest_day, f"{_WHERE} earliest"),
    )


def _pattern(form: str) -> str:
    parts = _PARTS.findall(form)
    names = [part for part in parts if part in _PATTERNS]
    if set(names) not in _NAMES or len(names) != 3:
        raise BadTable(f"{_WHERE} forms: '{form}' must hold yyyy, dd, and mm or mon, once each.")
    written = [_PATTERNS[part] if part in _PATTERNS else part if part[0] == "[" else re.escape(part) for part in parts]
    if len(parts) == 3:
        return "".join(written).replace(r"\d{1,2}", r"\d{2}")
    return "".join(written) + (f"(?:{_HALF_DAYS}|{_TIME})" if "mon" in names else _TIME)


def _months(table: Table) -> Iterator[tuple[str, int]]:
    for name, number in wordlists.named(wordlists.part(table, "months", "dates"), f"{_WHERE} months"):
        if not isinstance(number, int) or not 1 <= number <= 12:
            raise BadTable(f"{_WHERE} months: {name} must be a number from 1 to 12.")
        yield name.lower(), number
