"""Tables of a source's codes: a CSV beside its mapping, one code a line. Reading only; what a code means is data."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path


@cache
def code_table(path: Path) -> Mapping[str, Mapping[str, str]]:
    """Code in upper case -> its row. The first column is the code. Raises OSError."""
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        first = (reader.fieldnames or [""])[0]
        return {row[first].upper(): row for row in reader}
