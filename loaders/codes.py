"""Tables of a source's codes: a CSV beside its mapping, one code a line. Reading only; what a code means is data."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from loaders.context import Row, RowRejected


@cache
def code_table(path: Path) -> Mapping[str, Mapping[str, str]]:
    """Code in upper case -> its row. The first column is the code. Raises OSError."""
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        first = (reader.fieldnames or [""])[0]
        return {row[first].upper(): row for row in reader}


def placed(table: Path, row: Row, column: str, unknown: str = "") -> Mapping[str, str]:
    """What a code of a row means, case and spaces aside. Raises RowRejected for one that the table lacks: nobody knows
    what it would tell, and it might be of a sensitive service. `unknown` is the reason given, where there is a better.
    """
    found = code_table(table).get(" ".join(row[column].upper().split()))
    if found is None:
        raise RowRejected(column, unknown or f"nobody has said what this means: add it to {table.name}")
    return found
