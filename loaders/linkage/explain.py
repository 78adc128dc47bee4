"""Why two records were joined, in words: which comparisons agreed."""

from collections.abc import Mapping, Sequence

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


def _words(comparison: Comparison, level: str) -> str:
    return next((each.words for each in comparison.levels if each.name == level), "")
