"""Relationships the wrong way round: told from the dates of birth of parents and children, whatever the source."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.check import check
from loaders.direction import FEWEST_PAIRS, Direction
from tests.small_extracts import council, people, write_csv


def family(folder: Path, source: str, right: int, wrong: int) -> None:
    """`right` parent rows the right way round and `wrong` ones upside down, in a source's own way of writing."""
    total = right + wrong
    parents, children = range(1, total + 1), range(1001, 1001 + total)
    born = {**dict.fromkeys(parents, "1980-01-01"), **dict.fromkeys(children, "2015-01-01")}
    pairs = [(p, c) if i < right else (c, p) for i, (p, c) in enumerate(zip(parents, children, strict=True))]
    if source == "mosaic":
        people(folder / "mosaic/dm_persons.csv", [[i, "A", "B", dob, "F", "N", "", ""] for i, dob in born.items()])
        write_csv(
            folder / "mosaic/dm_personal_rel_types.csv", "PERSONAL_REL_TYPE_ID,DESCRIPTION", [[1, "Mother : Child"]]
        )
        write_csv(
            folder / "mosaic/dm_personal_relationships.csv",
            "PERSONAL_RELATIONSHIP_ID,PERSON_ID,OTHER_PERSON_ID,PERSONAL_REL_TYPE_ID",
            [[i, a, b, 1] for i, (a, b) in enumerate(pairs, start=1)],
        )
        return
    write_csv(
        folder / "lcs/DIM_PERSON.csv",
        "DIM_PERSON_ID,FORENAME,SURNAME,GENDER_MAIN_CODE,BIRTH_DTTM",
        [[i, "A", "B", "F", dob] for i, dob in born.items()],
    )
    write_csv(
        folder / "lcs/isperson.csv", "PersonID,Secure,IsHidden,HideAllAddresses", [[i, "N", "N", "N"] for i in born]
    )
    write_csv(
        folder / "lcs/FACT_PERSON_RELATION.csv",
        "FACT_PERSON_RELATION_ID,DIM_PERSON_ID,DIM_RELATED_PERSON_ID,DIM_LOOKUP_RELTN_TYPE_CODE",
        [[i, a, b, "CHI"] for i, (a, b) in enumerate(pairs, start=1)],
    )


@pytest.mark.parametrize("source", ["mosaic", "lcs"])
@pytest.mark.parametrize(
    ("right", "wrong", "refused"),
    [
        (6, 0, False),
        (0, 6, True),
        (3, 2, False),
        (2, 3, True),
        (3, 3, False),
        (3, 4, True),
        (1, 3, False),
        (50, 1, False),
    ],
)
def test_relationships_the_wrong_way_round(tmp_path: Path, source: str, right: int, wrong: int, refused: bool) -> None:
    folder = council(tmp_path / "extracts")
    family(folder, source, right, wrong)
    result = check(folder, tmp_path / "work")
    assert any("wrong way round" in problem.message for problem in result.problems) == refused
    report = next(
        report for report in result.files if "RELATION" in report.file.upper() and "TYPES" not in report.file.upper()
    )
    assert (report.loaded, report.quarantined) == (right, wrong)


def test_a_parent_of_ten_is_told_and_kept(tmp_path: Path) -> None:
    folder = council(tmp_path / "extracts")
    family(folder, "mosaic", 6, 0)
    path = folder / "mosaic" / "dm_persons.csv"
    path.write_text(path.read_text().replace("1980-01-01", "2005-01-01", 1))
    result = check(folder, tmp_path / "work")
    assert not result.problems
    assert [(note.message, note.count) for note in result.notes] == [
        ("a parent or grandparent is younger than their code allows", 1)
    ]


@given(st.lists(st.tuples(st.dates(date(1940, 1, 1), date(2026, 1, 1)), st.integers(1, 30_000)), min_size=FEWEST_PAIRS))
@settings(deadline=None)
def test_turning_every_row_round_is_always_noticed(pairs: list[tuple[date, int]]) -> None:
    forwards, backwards = Direction(), Direction()
    for born, days in pairs:
        younger = min(born + timedelta(days=days), date(2100, 1, 1))
        forwards.observe("PARENT", born, younger)
        backwards.observe("PARENT", younger, born)
    assert not forwards.reversed
    assert backwards.reversed


@pytest.mark.parametrize("source", ["mosaic", "lcs"])
def test_of_two_rows_that_put_each_above_the_other_the_later_goes_where_births_cannot_tell(
    tmp_path: Path, source: str
) -> None:
    extracts = council(tmp_path / "extracts")
    family(extracts, source, 2, 0)
    names = {"mosaic": ("dm_persons", "dm_personal_relationships"), "lcs": ("DIM_PERSON", "FACT_PERSON_RELATION")}
    persons, kin = (extracts / source / f"{name}.csv" for name in names[source])
    persons.write_text(persons.read_text().replace("2015-01-01", ""))
    ends = {"mosaic": "3,1001,1,1\n4,1,1001,1\n", "lcs": "3,1001,1,CHI\n4,1,1001,CHI\n"}
    kin.write_text(kin.read_text() + ends[source])
    result = check(extracts, tmp_path / "work")
    assert [(report.loaded, report.quarantined) for report in result.files if report.file == kin.name] == [(3, 1)]
    assert f"{kin.name},4," in result.quarantine.read_text()
    assert "says the opposite" in result.quarantine.read_text()


def test_people_one_generation_apart_by_one_code_and_one_by_another_are_no_contradiction() -> None:
    direction, unknown = Direction(), (None, None)
    assert not direction.opposed("PARENT", "a", "b", unknown)
    assert not direction.opposed("STEP_PARENT", "a", "b", unknown)
    assert not direction.opposed("SIBLING", "b", "a", unknown)
    assert direction.opposed("STEP_PARENT", "b", "a", (date(1990, 1, 1), date(1980, 1, 1)))
    assert not direction.opposed("PARENT", "b", "a", (date(1980, 1, 1), date(1990, 1, 1)))
