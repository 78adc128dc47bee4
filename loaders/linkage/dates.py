"""Dates of birth made comparable: eight digits where the date is whole, and the parts that are known where it is not.

Pure functions. A placeholder date is no date, so that it is never agreement.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from loaders.clean import placeholders
from loaders.clean.dates import months

_ISO = re.compile(r"^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[T ].*)?$")
_NO_YEAR = re.compile(r"^--(\d{1,2})-(\d{1,2})$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:\.0)?$")
_UK = re.compile(r"^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})(?: .*)?$")
_YEAR_FIRST = re.compile(r"^(\d{4})[/. ](\d{1,2})[/. ](\d{1,2})(?: .*)?$")
_WORDY = re.compile(r"^(?:(\d{1,2})[ -]?([A-Za-z]{3})[a-z]*[ -](\d{4})|(\d{4})-([A-Za-z]{3})[a-z]*-(\d{1,2}))(?: .*)?$")


@dataclass(frozen=True, slots=True)
class Birth:
    """A date of birth as text parts; `whole` is YYYYMMDD when all three are known, whether or not such a day exists."""

    year: str | None = None
    month: str | None = None
    day: str | None = None

    @property
    def whole(self) -> str | None:
        """YYYYMMDD, or null when a part is missing."""
        return f"{self.year}{self.month}{self.day}" if self.year and self.month and self.day else None


@lru_cache(maxsize=1 << 17)
def read_birth(text: str | None) -> Birth:
    """The date in `text`: ISO, compact, UK order, month names, or partial (`1980`, `1980-05`, `--05-12`).

    A date that cannot exist keeps its digits, for a mistyped date is still evidence; what is no date at all is empty.
    """
    value = (text or "").strip()
    found = _parts(value)
    birth = Birth(*(_padded(part, 4 if n == 0 else 2) for n, part in enumerate(found)))
    return (
        Birth()
        if birth.whole in _no_evidence() or (birth.year in ("1900", "0000", "9999") and not birth.month)
        else birth
    )


def birth_of(day: date | None) -> Birth:
    """The parts of a real date."""
    return Birth() if day is None else read_birth(day.isoformat())


@cache
def _no_evidence() -> frozenset[str]:
    """Days that stand for no date, as YYYYMMDD."""
    days = placeholders.days() | placeholders.days("days_not_compared")
    return frozenset(day.isoformat().replace("-", "") for day in days)


def _month(name: str) -> str | None:
    number = months().get(name)
    return f"{number:02d}" if number else None


def _padded(part: str | None, width: int) -> str | None:
    return part.zfill(width) if part and int(part) else None


def _parts(value: str) -> tuple[str | None, str | None, str | None]:
    if match := _ISO.match(value) or _COMPACT.match(value) or _YEAR_FIRST.match(value):
        return match[1], match[2], match[3]
    if match := _UK.match(value):
        return match[3], match[2], match[1]
    if match := _NO_YEAR.match(value):
        return None, match[1], match[2]
    if match := _WORDY.match(value):
        day, name, year = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
        return year, _month(name.lower()), day
    return None, None, None
