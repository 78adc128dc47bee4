"""The matching matrix: which pairs of records may be scored, read from matrix.toml.

It says nothing about how a score is made or what is joined.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from itertools import combinations_with_replacement
from pathlib import Path

from graph.errors import DataRefused

# The ways a cell may name, and the flag that says a pair of records meets it (loaders/linkage/candidates.py).
WAYS: Mapping[frozenset[str], str] = {
    frozenset("L"): "llid",
    frozenset("U"): "upn",
    frozenset("H"): "nhs",
    frozenset("I"): "id",
    frozenset("ND"): "name_dob",
    frozenset("NA"): "name_address",
    frozenset("NDA"): "name_dob_address",
    frozenset("A"): "address",
}
_EVERY = "*"
Sources = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Matrix:
    """What may be scored: `cells` by unordered pair of source families, `unlisted` for every other pair.

    `strict` keeps every guard, however dirty the records: so a council links. Lists from elsewhere are not strict.
    """

    cells: Mapping[frozenset[str], frozenset[str]]
    unlisted: frozenset[str]
    any_list: frozenset[str]
    aliases: Mapping[str, str]
    duplicate_free: frozenset[str]
    strict: bool = True

    def ways(self, one: str, other: str) -> frozenset[str]:
        """The flags that let a record of `one` be scored against a record of `other`; the order does not matter."""
        left, right = self.aliases.get(one, one), self.aliases.get(other, other)
        if one == other:
            return self.unlisted
        for key in (frozenset((left, right)), frozenset((left, _EVERY)), frozenset((right, _EVERY))):
            if key in self.cells:
                return self.cells[key]
        return self.unlisted

    def table(self, sources: Iterable[str]) -> dict[Sources, frozenset[str]]:
        """Every unordered pair of the given sources (smaller name first) with what lets it be scored."""
        return {pair: self.ways(*pair) for pair in combinations_with_replacement(sorted(set(sources)), 2)}

    def for_lists(self, duplicate_free: Iterable[str] = ()) -> "Matrix":
        """The rule for lists from elsewhere: no cells, and the wide rule for every pair."""
        return Matrix({}, self.any_list, self.any_list, {}, frozenset(duplicate_free), strict=False)


def read_matrix(path: Path | None = None) -> Matrix:
    """The matrix in `path`, or the one that comes with the program.

    Raises DataRefused when the file is not TOML, or a cell names a way that does not exist.
    """
    try:
        text = (path or resources.files(__package__).joinpath("matrix.toml")).read_text(encoding="utf-8")
        data = tomllib.loads(text)
        cells = {frozenset(cell["sources"]): _ways([] if cell.get("off") else cell["any"]) for cell in data["cell"]}
        unlisted, any_list = _ways(data["unlisted"]), _ways(data["any_list"])
    except (tomllib.TOMLDecodeError, KeyError, OSError) as error:
        raise DataRefused(f"The matching matrix cannot be read ({error}). Mend matrix.toml and run again.") from None
    return Matrix(cells, unlisted, any_list, data.get("aliases", {}), frozenset(data.get("duplicate_free", ())))


def _ways(texts: Iterable[str]) -> frozenset[str]:
    letters = {text: frozenset(text.replace("+", "").replace(" ", "")) for text in texts}
    unknown = sorted(text for text, way in letters.items() if way not in WAYS)
    if unknown:
        raise DataRefused(f"The matching matrix names ways that do not exist: {', '.join(unknown)}. Mend matrix.toml.")
    return frozenset(WAYS[way] for way in letters.values())
