"""The two stories and the caseloads that every invented council holds."""

from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from loaders.council.generate import generate
from tests.councils import PERSON_TABLES, TODAY, Extract, Rows, day, extract


@pytest.mark.parametrize("people", [10, 300, 5_000])
@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_the_two_stories_are_in_every_council(people: int, seed: int) -> None:
    made = extract(people, seed)
    persons = {row["PERSON_ID"]: row for row in made("mosaic/dm_persons")}
    tommy = persons["249012"]
    assert (tommy["FULL_NAME"], tommy["DATE_OF_BIRTH"], tommy["GENDER"]) == ("Tommy Williams", "2012-05-12", "M")
    assert (persons["251377"]["FULL_NAME"], persons["251377"]["DATE_OF_BIRTH"]) == ("Amira Reed", "2016-09-03")
    assert tommy_family(made) == {
        ("Kate Williams", "Mother : Son", "Tommy Williams", "Y"),
        ("Dominic Pierce", "Father : Son", "Tommy Williams", ""),
        ("Paula Lee", "Friend : Friend", "Tommy Williams", ""),
        ("Paula Lee", "Mother : Son", "Jason Lee", "Y"),
        ("Jason Lee", "Friend : Friend", "Tommy Williams", ""),
    }
    lcs = {f"{row['FORENAME']} {row['SURNAME']}": row["DIM_PERSON_ID"] for row in made("lcs/DIM_PERSON")[:3]}
    assert set(lcs) == {"Tommy Williams", "Kate Williams", "Dominik Peirce"}
    of_dominic = [row for row in made("lcs/FACT_PERSON_RELATION") if lcs["Dominik Peirce"] in row.values()]
    assert of_dominic == []
    assert addresses(made, "249012") == [("320 Overdale Road, Romiley", "AA6 4QT", "")]
    assert addresses(made, "251377") == [("14 Quarry Bank, Marple", "AA6 5DR", "")]


def tommy_family(made: Extract) -> set[tuple[str, str, str, str]]:
    """Every Mosaic link that touches Tommy or the Lees, in words, with parental responsibility."""
    name = {row["PERSON_ID"]: row["FULL_NAME"] for row in made("mosaic/dm_persons")}
    types = {row["PERSONAL_REL_TYPE_ID"]: row["DESCRIPTION"] for row in made("mosaic/dm_personal_rel_types")}
    return {
        (
            name[row["PERSON_ID"]],
            types[row["PERSONAL_REL_TYPE_ID"]],
            name[row["OTHER_PERSON_ID"]],
            row["PARENTAL_RESPONSIBILITY"],
        )
        for row in made("mosaic/dm_personal_relationships")
        if {row["PERSON_ID"], row["OTHER_PERSON_ID"]} & {"249012", "249015", "249016"}
    }


def addresses(made: Extract, person: str) -> list[tuple[str, str, str]]:
    """A person's addresses in Mosaic: line, postcode, end."""
    places = {row["ADDRESS_ID"]: row for row in made("mosaic/dm_addresses")}
    rows = [row for row in made("mosaic/addresses_people") if row["PERSON_ID"] == person]
    return [(places[r["ADDRESS_ID"]]["ADDRESS"], places[r["ADDRESS_ID"]]["POST_CODE"], r["END_DATE"]) for r in rows]


def test_the_new_address_of_the_reeds_came_first_through_the_school_census() -> None:
    made = extract(300)
    pupil = next(
        row for row in made("school_census/pupilonroll") if row["forename"] == "Amira" and row["surname"] == "Reed"
    )
    home = [row for row in made("school_census/addresses") if row["pupilonrolltableid"] == pupil["pupilonrolltableid"]]
    assert [(row["paon"], row["street"], row["town"], row["postcode"]) for row in home] == [
        ("7", "Tanner Street", "Bredbury", "AA5 2LN")
    ]
    old = next(row for row in made("mosaic/addresses_people") if row["PERSON_ID"] == "251377")
    assert home[0]["startdate"] > old["START_DATE"]
    assert {row["forename"] for row in made("school_census/pupilonroll") if row["surname"] == "Reed"} >= {
        "Amira",
        "Zain",
    }


def test_the_services_of_the_first_story_are_as_told() -> None:
    made = extract(10)
    assert Counter((r["PROF_REL_TYPE_CODE"], bool(r["END_DATE"])) for r in involvements(made, "249012")) == {
        ("REL.ALLWORK", False): 1,
        ("REL.ALLWORK", True): 1,
        ("REL.HV", True): 1,
        ("REL.SCHOOL", False): 1,
    }
    for other in ("249013", "249014", "249015"):
        assert involvements(made, other)
    assha = next(row for row in made("mosaic/dm_workers") if row["WORKER_ID"] == "90001")
    assert list(assha.values())[1:4] == ["Asha Daniels", "Social worker", "Romiley Child in Need Team"]
    assert (assha["TELEPHONE"], assha["EMAIL"]) == ("01632 960101", "asha.daniels@council.example")


def involvements(made: Extract, person: str) -> Rows:
    """A person's involvements in Mosaic."""
    return [row for row in made("mosaic/dm_prof_relationships") if row["PERSON_ID"] == person]


@pytest.mark.parametrize("people", [300, 1_000, 5_000])
@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_both_first_workers_have_full_caseloads_in_both_systems(people: int, seed: int) -> None:
    made = extract(people, seed)
    mosaic: dict[str, set[str]] = defaultdict(set)
    for row in made("mosaic/dm_prof_relationships"):
        if row["PROF_REL_TYPE_CODE"] == "REL.ALLWORK" and not row["END_DATE"] and day(row["START_DATE"]):
            mosaic[row["WORKER_ID"]].add(row["PERSON_ID"])
    lcs: dict[str, set[str]] = defaultdict(set)
    for row in made("lcs/FACT_INVOLVEMENTS"):
        if row["IS_ALLOCATED_CW_FLAG"] == "Y" and not row["END_DTTM"] and day(row["START_DTTM"]):
            lcs[row["DIM_WORKER_ID"]].add(row["DIM_PERSON_ID"])
    for caseload in (mosaic, lcs):
        for worker in ("90001", "90002"):
            assert 12 <= len(caseload[worker]) <= 25, (worker, len(caseload[worker]))
    assert {"249012", "251377"} <= mosaic["90001"]
    assert "249012" not in mosaic["90002"]


def test_both_workers_exist_even_in_the_smallest_council() -> None:
    workers = {row["WORKER_ID"]: row["FULL_NAME"] for row in extract(10)("mosaic/dm_workers")}
    assert (workers["90001"], workers["90002"]) == ("Asha Daniels", "Ben Okafor")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(people=122, seed=466, days=113)
@given(people=st.integers(10, 160), seed=st.integers(0, 10**9), days=st.integers(0, 1500))
def test_any_small_council_is_sound(people: int, seed: int, days: int) -> None:
    """Any size, seed and day: everybody could exist, every record has its truth, the stories are told."""
    today = date.fromordinal(TODAY.toordinal() - days)
    with TemporaryDirectory() as folder:
        generate(Path(folder), people, seed, today)
        holds(Extract(Path(folder)), today)


def holds(made: Extract, today: date) -> None:
    """Truth for every record, both stories, and no day after the day of the extracts."""
    lists = {source: PERSON_TABLES[source] for source in ("mosaic", "lcs")}
    written = {(source, row[key]) for source, (table, key) in lists.items() for row in made(table)}
    assert {record for record in made.entities() if record[0] in lists} == written
    assert {"249012", "249013", "249014", "249015", "249016", "251377"} <= {
        row["PERSON_ID"] for row in made("mosaic/dm_persons")
    }
    for name in ("dm_persons", "dm_personal_relationships", "addresses_people", "dm_prof_relationships"):
        for row in made(f"mosaic/{name}"):
            for column in ("DATE_OF_BIRTH", "START_DATE", "END_DATE", "UPDATED_ON"):
                assert not row.get(column) or row[column] <= today.isoformat(), (name, column)
