"""Mosaic's relationship labels ("Mother : Daughter") as codes of the vocabulary. PERSON_ID has the left label.

Labels seen at councils are in `relationship_labels.csv`; any other label whose left word is a word of the vocabulary is
understood too. Case, spaces and hyphens do not matter.
"""

import csv
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from graph.vocabulary import vocabulary

_TABLE = Path(__file__).with_name("relationship_labels.csv")


class Label(NamedTuple):
    """What a label says of the left person, and the sexes its words imply (empty where they imply none)."""

    code: str
    left_sex: str
    right_sex: str


UNMAPPED = Label("UNKNOWN", "", "")


@lru_cache(maxsize=4096)
def read_label(description: str) -> Label:
    """The code of a label; UNMAPPED where its left side is not known."""
    left, _, right = description.partition(":")
    here, there = _folded(left), _folded(right)
    pairs, words = _pairs(), _words()
    found = pairs.get((here, there)) or pairs.get((here, "*"))
    if found is None and here in words:
        found = Label(*words[here], "")
    if found is None:
        return UNMAPPED
    implied = words.get(there, ("", ""))[1]
    return found._replace(right_sex=found.right_sex or implied)


def _folded(words: str) -> str:
    return "*" if words.strip() == "*" else re.sub(r"[^a-z0-9]+", "", words.casefold())


@cache
def _pairs() -> dict[tuple[str, str], Label]:
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return {
            _sides(row["label"]): Label(row["code"], row["left_sex"], row["right_sex"]) for row in csv.DictReader(lines)
        }


def _sides(label: str) -> tuple[str, str]:
    left, _, right = label.partition(":")
    return _folded(left), _folded(right)


@cache
def _words() -> dict[str, tuple[str, str]]:
    """Folded word of the vocabulary -> (code, sex it implies). A word that stands for two codes means the first."""
    words: dict[str, tuple[str, str]] = {}
    for code in vocabulary().values():
        for label, sex in ((code.label, ""), (code.female_label, "F"), (code.male_label, "M")):
            for word in re.split(r" / | or ", label.partition(" (")[0]):
                if _folded(word):
                    words.setdefault(_folded(word), (code.code, sex))
    return words
