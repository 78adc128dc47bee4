"""Tables of a source's codes: a CSV beside its mapping, one code a line. Reading only; what a code means is data."""

import csv
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from loaders.context import Row, RowRejected

Meaning = Mapping[str, str]

_WORDS = ("kind", "words", "team", "detail", "legal_status")
"""Columns that say in words what a code means: an extract may write the words instead."""
_MARKS = ("mark", "code_mark", "words_mark")
_TOKEN = re.compile(r"[a-z0-9]+")
_NO_MATTER = frozenset({"service", "services", "team", "teams", "plan", "duty"})
"""Last words that change nothing: "Health visiting service", "Child in need plan"."""


@cache
def code_table(path: Path) -> Mapping[str, Meaning]:
    """Code in upper case -> its row. The first column is the code. Raises OSError."""
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        first = (reader.fieldnames or [""])[0]
        return {row[first].upper(): row for row in reader}


def look_up(table: Path, said: str) -> Meaning | None:
    """What a code means, case and spaces aside; or the words a table explains it by, or either with "service" or
    "plan" behind it. None for anything else: nothing is guessed.
    """
    found = code_table(table).get(" ".join(said.upper().split()))
    if found is not None or not said:
        return found
    tokens = _tokens(said)
    named = _by_words(table)
    while tokens and "".join(tokens) not in named and tokens[-1] in _NO_MATTER:
        tokens.pop()
    return named.get("".join(tokens))


def placed(table: Path, row: Row, column: str, unknown: str = "") -> Meaning:
    """What a code of a row means. Raises RowRejected for one that the table lacks: nobody knows what it would tell, and
    it might be of a sensitive service. `unknown` is the reason given, where there is a better.
    """
    found = look_up(table, row[column])
    if found is None:
        raise RowRejected(column, unknown or f"nobody has said what this means: add it to {table.name}")
    return found


@cache
def _by_words(table: Path) -> Mapping[str, Meaning]:
    """The letters and digits of codes and of words -> the row. Words that stand for two meanings stand for none."""
    listed = code_table(table)
    words: dict[str, Meaning | None] = {}
    for word, row in _words(listed):
        earlier = words.setdefault(word, row)
        if earlier is not None and _meant(earlier) != _meant(row):
            words[word] = None
    return {word: row for word, row in words.items() if row} | {
        "".join(_tokens(code)): row for code, row in listed.items()
    }


def _words(listed: Mapping[str, Meaning]) -> Iterator[tuple[str, Meaning]]:
    for row in listed.values():
        for column in _WORDS:
            if tokens := _tokens(row.get(column, "")):
                yield "".join(tokens), row


def _meant(row: Meaning) -> list[str]:
    """What a row says besides its code and where that was seen."""
    _, *said = (value for column, value in row.items() if column not in _MARKS)
    return said


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.casefold().replace("'", "").replace("\u2019", ""))
