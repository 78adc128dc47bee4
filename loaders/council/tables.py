"""CSV files of the invented council, byte for byte the same everywhere: UTF-8, line feeds, no byte order mark."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

Row = Sequence[object]


def write_table(path: Path, header: str, rows: Iterable[Row]) -> int:
    """Writes one file and says how many rows it has. `header` is the column names with spaces between."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with path.open("w", encoding="utf-8", newline="") as lines:
        out = csv.writer(lines, lineterminator="\n")
        out.writerow(header.split())
        for row in rows:
            out.writerow(row)
            written += 1
    return written


def iso(day: date | None) -> str:
    """2012-05-12, or nothing."""
    return day.isoformat() if day else ""


def stamp(day: date | None) -> str:
    """2012-05-12 00:00:00, as LCS writes days, or nothing."""
    return f"{day.isoformat()} 00:00:00" if day else ""


def flag(value: bool) -> str:
    """Y or N."""
    return "Y" if value else "N"
