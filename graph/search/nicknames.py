"""Which forenames stand for one another: the `nicknames` package both ways, and a supplement for this country.

The supplement is `nicknames_uk.csv`; add a line there, not here.
"""

import csv
from collections import defaultdict
from functools import cache
from importlib.resources import files
from itertools import permutations

from nicknames import name_triplets


@cache
def _alternatives() -> dict[str, frozenset[str]]:
    known: defaultdict[str, set[str]] = defaultdict(set)
    for triplet in name_triplets():
        known[triplet.name1].add(triplet.name2)
        known[triplet.name2].add(triplet.name1)
    for family in _supplement():
        for one, other in permutations(family, 2):
            known[one].add(other)
    return {name: frozenset(others - {name}) for name, others in known.items()}


def _supplement() -> list[list[str]]:
    text = files("graph.search").joinpath("nicknames_uk.csv").read_text(encoding="utf-8")
    return list(csv.reader(line for line in text.splitlines() if line and not line.startswith("#")))


def nicknames(token: str) -> frozenset[str]:
    """Every folded forename that may stand for this one; empty if none is known."""
    return _alternatives().get(token, frozenset())
