"""The relationship vocabulary: 84 codes read one way only, "(A) is the CODE of (B)".

Words come from `vocabulary.csv` (sources: FHIR v3 RoleCode, NHS Data Dictionary person relationship, GEDCOM,
Mosaic and Hackney labels). Nothing here decides who may see a code.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Code:
    """One way a person can stand to another. `generation_offset` is how many generations A is above B, if known."""

    code: str
    label: str
    female_label: str
    male_label: str
    inverse_code: str
    symmetric: bool
    generation_offset: int | None
    category: str
    blood: str
    min_years_older: int | None
    genogram_line: str
    default_visibility: str
    order: int

    def label_for(self, sex: str | None) -> str:
        """The word for A, by A's sex: Mother, Father or, where the sex is not known, Parent."""
        by_sex = {"F": self.female_label, "M": self.male_label}.get(sex or "", "")
        return by_sex or self.label.partition(" (")[0]


def _number(text: str) -> int | None:
    return int(text) if text else None


@cache
def vocabulary() -> dict[str, Code]:
    """Every code by name, in the vocabulary's own order."""
    lines = files("graph").joinpath("vocabulary.csv").read_text(encoding="utf-8").splitlines()
    return {
        row["code"]: Code(
            code=row["code"],
            label=row["label"],
            female_label=row["female_label"],
            male_label=row["male_label"],
            inverse_code=row["inverse_code"],
            symmetric=row["symmetric"] == "Y",
            generation_offset=_number(row["generation_offset"]),
            category=row["category"],
            blood=row["blood"],
            min_years_older=_number(row["min_years_A_older"]),
            genogram_line=row["genogram_line"],
            default_visibility=row["default_visibility"],
            order=order,
        )
        for order, row in enumerate(csv.DictReader(lines))
    }


def code(name: str) -> Code:
    """The code of that name; UNKNOWN where the vocabulary has none."""
    return vocabulary().get(name) or vocabulary()["UNKNOWN"]


def inverse(name: str) -> str:
    """What B is of A when A is `name` of B."""
    return code(name).inverse_code


def canonical(a: str, name: str, b: str) -> tuple[str, str, str]:
    """(from, code, to) as the graph stores it: older generation first, else the code that stands first.

    A symmetric code is ordered by id, so that the two mirror rows of a source fold into one edge.
    """
    here, there = code(name), code(inverse(name))
    if here.symmetric:
        return (a, here.code, b) if a <= b else (b, here.code, a)
    mine, theirs = here.generation_offset or 0, there.generation_offset or 0
    first = mine > theirs or (mine == theirs and here.order <= there.order)
    return (a, here.code, b) if first else (b, there.code, a)
