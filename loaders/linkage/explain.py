"""Why two records were joined, in words: which comparisons agreed."""

from collections.abc import Mapping, Sequence

from graph.evidence import MISSING, codes
from loaders.linkage.settings import Comparison

ALONE = "only record"
RECORDED = "recorded as the same person"
DECIDED = "decided by a person"
_FIRST = ("nhs", "upn", "uln", "llid", "pnc")


def basis(levels: Mapping[str, str], comparisons: Sequence[Comparison]) -> str:
    """What agreed, unique ids first: "NHS number, forename, surname, date of birth".

    `levels` is the level by comparison.
    """
    ordered = sorted(comparisons, key=lambda each: each.name not in _FIRST and not each.name.startswith("id_"))
    words = (_words(each, levels.get(each.name, "missing")) for each in ordered)
    return ", ".join(word for word in words if word) or RECORDED


def bases(levels: Sequence[str], comparisons: Sequence[Comparison]) -> list[str]:
    """The same for many pairs, whose levels are texts of one code a comparison (graph/evidence.py)."""
    named = [
        {MISSING: "missing", **{codes([place]): level.name for place, level in enumerate(each.levels)}}
        for each in comparisons
    ]
    known: dict[str, str] = {}
    for one in levels:
        if one not in known:
            said = {each.name: names[code] for each, names, code in zip(comparisons, named, one, strict=True)}
            known[one] = basis(said, comparisons)
    return [known[one] for one in levels]


def _words(comparison: Comparison, level: str) -> str:
    return next((each.words for each in comparison.levels if each.name == level), "")
