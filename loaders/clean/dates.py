"""Dates as council systems write them. A day that cannot exist is an error, a placeholder is no date at all."""

import re
from datetime import date
from functools import lru_cache

EARLIEST = date(1900, 1, 2)
"""The first day accepted: 1900-01-01 is what systems write when they know nothing."""

PLACEHOLDERS = frozenset({date(1900, 1, 1), date(1970, 1, 1), date(1, 1, 1), date(9999, 12, 31)})
NULLS = frozenset({"", "NULL", "null", "N/A", "n/a", "-1"})

_TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?: ?(?:Z|[+-]\d{2}:?\d{2}))?)?"
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})" + _TIME, re.ASCII)
_UK = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})" + _TIME, re.ASCII)
_YEAR_NAMED = re.compile(r"(\d{4})-([A-Za-z]{3})-(\d{1,2})" + _TIME, re.ASCII)
_DAY_NAMED = re.compile(r"(\d{1,2})[- ]([A-Za-z]{3})[- ](\d{4})" + _TIME, re.ASCII)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}


class BadDate(ValueError):
    """A text that is not a day. The message is the reason, and never repeats the text."""


@lru_cache(maxsize=131_072)
def parse_date(text: str) -> date | None:
    """The calendar day of a text: ISO with or without time, UK dd/mm/yyyy, 2012-May-12, 12-May-2012.

    None for an empty value or a placeholder. Raises BadDate for anything else, days before 1900 included.
    """
    text = text.strip()
    if text in NULLS:
        return None
    year, month, day = _parts(text)
    try:
        found = date(year, month, day)
    except ValueError:
        raise BadDate("no such day in the calendar") from None
    if found in PLACEHOLDERS:
        return None
    if found < EARLIEST:
        raise BadDate("before 1900")
    return found


def _parts(text: str) -> tuple[int, int, int]:
    if match := _ISO.fullmatch(text):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _UK.fullmatch(text):
        return int(match[3]), int(match[2]), int(match[1])
    if match := _YEAR_NAMED.fullmatch(text):
        return int(match[1]), _month(match[2]), int(match[3])
    if match := _DAY_NAMED.fullmatch(text):
        return int(match[3]), _month(match[2]), int(match[1])
    raise BadDate("not a date: write it as year-month-day or day/month/year")


def _month(name: str) -> int:
    try:
        return _MONTHS[name.lower()]
    except KeyError:
        raise BadDate("no such month") from None
