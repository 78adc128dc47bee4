"""Dates of birth as people remember and type them: partly known, swapped, one digit off.

Only calendar arithmetic; weights are in `scoring.py`.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

EARLIEST_YEAR, LATEST_YEAR = 1880, 2100


@dataclass(frozen=True, slots=True, repr=False)
class PartialDate:
    """A date of which the year, or the day and month together, may be missing. No repr: it is somebody's."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    @property
    def whole(self) -> date | None:
        """The calendar day, if all of it was given."""
        if self.year and self.month and self.day:
            return date(self.year, self.month, self.day)
        return None


def tokens(day: date) -> tuple[str, ...]:
    """What a stored date can be found by: the day, its month, its year, its birthday."""
    return f"{day:%Y%m%d}", f"m{day:%Y%m}", f"y{day:%Y}", f"b{day:%m%d}"


def wanted_token(given: PartialDate) -> str:
    """The token a stored date must carry to agree with the parts given."""
    if given.whole:
        return f"{given.whole:%Y%m%d}"
    if given.year:
        return f"m{given.year:04}{given.month:02}" if given.month else f"y{given.year:04}"
    return f"b{given.month:02}{given.day:02}"


def agrees(given: PartialDate, born: date) -> bool:
    """Whether every part given is that of the date."""
    return given.year in (None, born.year) and given.month in (None, born.month) and given.day in (None, born.day)


def age_on(born: date, today: date) -> int:
    """Age in whole years on that day; below zero before birth. Somebody born on 29 February ages on 1 March."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def swapped(day: date) -> date | None:
    """The date with day and month exchanged, if there is one and it differs."""
    other = _date(f"{day.year:04}{day.day:02}{day.month:02}")
    return other if other != day else None


@lru_cache(maxsize=256)
def misread(day: date) -> frozenset[date]:
    """Every real date that differs in one digit or has two neighbouring digits exchanged."""
    text = f"{day:%Y%m%d}"
    one_off = (text[:i] + digit + text[i + 1 :] for i in range(8) for digit in "0123456789")
    exchanged = (text[:i] + text[i + 1] + text[i] + text[i + 2 :] for i in range(7))
    return frozenset(found for one in (*one_off, *exchanged) if (found := _date(one)) and found != day)


def _date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
