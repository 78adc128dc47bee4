"""CSV files of the invented council, byte for byte the same everywhere: UTF-8, line feeds, no byte order mark."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain
from pathlib import Path

Row = Sequence[object]

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def write_table(path: Path, header: str | Sequence[str], rows: Iterable[Row]) -> int:
    """Writes one file and says how many rows it has. `header` is the column names, in one text with spaces between
    where none of them holds one.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with path.open("w", encoding="utf-8", newline="") as lines:
        out = csv.writer(lines, lineterminator="\n")
        out.writerow(header.split() if isinstance(header, str) else header)
        for row in rows:
            out.writerow(row)
            written += 1
    return written


def write_some(path: Path, header: str | Sequence[str], rows: Iterable[Row]) -> int:
    """Writes one file where there is anything to write: a loader refuses a file without rows, and misses none."""
    stream = iter(rows)
    first = next(stream, None)
    return 0 if first is None else write_table(path, header, chain([first], stream))


def iso(day: date | None) -> str:
    """2012-05-12, or nothing."""
    return day.isoformat() if day else ""


def stamp(day: date | None) -> str:
    """2012-05-12 00:00:00, as LCS writes days, or nothing."""
    return f"{day.isoformat()} 00:00:00" if day else ""


def census_stamp(day: date | None) -> str:
    """2012-May-12 00:00:00, as the census export writes days, or nothing."""
    return f"{day.year:04d}-{_MONTHS[day.month - 1]}-{day.day:02d} 00:00:00" if day else ""


def uk(day: date | None) -> str:
    """12/05/2012, or nothing."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}" if day else ""


def flag(value: bool) -> str:
    """Y or N."""
    return "Y" if value else "N"


def named(day: date | None, between: str = "-") -> str:
    """12-MAY-2012, as NEC Housing writes days, or nothing."""
    return f"{day.day:02d}{between}{_MONTHS[day.month - 1].upper()}{between}{day.year:04d}" if day else ""
