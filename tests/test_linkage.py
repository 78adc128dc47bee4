"""Linking as a whole, on the real Splink: hard pairs, decisions, stable ids, a council's truth."""

import csv
import random
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from graph.errors import DataRefused
from loaders.check import check
from loaders.clean import identifiers
from loaders.council.generate import generate
from loaders.linkage import Linked, link
from loaders.linkage.identity import person_ids
from loaders.linkage.model import credible, shipped
from loaders.linkage.prepare import prepare
from loaders.linkage.settings import COMPARISONS, REVIEW_FLOOR
from loaders.tables import ADDRESS, PERSON
from tests.truth_pairs import pair_counts

GOLDEN = yaml.safe_load(Path("fixtures/golden/linkage_pairs.yaml").read_text(encoding="utf-8"))
HARD, KNOWN_WRONG = GOLDEN["pairs"], GOLDEN["known_wrong"]
LEAST_PAIRS = 150
AS_AT = date(2026, 11, 23)
Key = tuple[str, str]


def tables(records: Iterable[Mapping[str, Any]]) -> tuple[pa.Table, pa.Table]:
    """Standard tables from plain dicts; `address` is "line; postcode"."""
    people, addresses = [], []
    for record in records:
        people.append({name: record.get(name) for name, _, _ in PERSON.columns})
        if record.get("address") or record.get("uprn"):
            text, _, postcode = record.get("address", "").partition("; ")
            addresses.append(
                {
                    "source": record["source"],
                    "record_id": record["record_id"],
                    "text": text,
                    "postcode": postcode or None,
                    "uprn": record.get("uprn"),
                }
            )
    return pa.Table.from_pylist(people, schema=PERSON.schema), pa.Table.from_pylist(addresses, schema=ADDRESS.schema)


def persons(linked: Linked) -> dict[Key, str]:
    """person_id by record."""
    return {(row["source"], row["record_id"]): row["person_id"] for row in linked.clusters.to_pylist()}


def scored(linked: Linked) -> dict[frozenset[Key], dict[str, Any]]:
    """Kept pairs by their two records."""
    return {
        frozenset(((r["source_l"], r["record_id_l"]), (r["source_r"], r["record_id_r"]))): r
        for r in linked.pairs.to_pylist()
    }


def partition(linked: Linked) -> set[frozenset[Key]]:
    """The persons as sets of records."""
    parts: dict[str, set[Key]] = {}
    for key, person in persons(linked).items():
        parts.setdefault(person, set()).add(key)
    return {frozenset(part) for part in parts.values()}


_SYLLABLES = (
    "bar",
    "cor",
    "den",
    "fal",
    "gri",
    "hol",
    "kes",
    "lan",
    "mor",
    "nor",
    "pel",
    "rad",
    "sel",
    "tor",
    "vin",
    "wes",
)
_FORENAMES = (
    "Oliver George Amelia Isla Harry Noah Ava Mia Jack Leo Grace Lily David John Susan Karen Peter Ahmed Fatima Omar"
    " Ruby Felix Ellie Thomas Sarah Emma Paul Mark Laura Daniel Sophie Ella Lucy Adam Ryan Kayden Jayden"
).split()


@cache
def strangers(count: int = 1_200, seed: int = 3) -> tuple[dict[str, Any], ...]:
    """Invented people in Mosaic and often in LCS: the crowd in which hard pairs must be told apart."""
    dice = random.Random(seed)
    rows: list[dict[str, Any]] = []
    for number in range(count):
        surname = "".join(dice.choice(_SYLLABLES) for _ in range(2)).title()
        born = date(1950, 1, 1) + timedelta(days=dice.randrange(26_000))
        street, postcode = dice.choice(_SYLLABLES).title(), f"AB{dice.randint(1, 9)} {dice.randint(1, 9)}XY"
        home = f"{dice.randint(1, 200)} {street} Street, Oldmere; {postcode}"
        person = {
            "forename": dice.choice(_FORENAMES),
            "surname": surname,
            "dob": born,
            "sex": dice.choice("MF"),
            "address": home,
        }
        rows.append({**person, "source": "mosaic", "record_id": f"m{number}"})
        if dice.random() < 0.6:
            slip = {"surname": surname[:-1]} if dice.random() < 0.1 else {}
            rows.append({**person, **slip, "source": "lcs", "record_id": f"l{number}"})
    return tuple(rows)


def as_loaded(record: Mapping[str, Any]) -> dict[str, Any]:
    """A golden record as a source would hand it over: an identifier that is not one is none."""
    return {**record, **{name: _identifier(name, record[name]) for name in _IDENTIFIERS if name in record}}


_IDENTIFIERS = {
    "nhs_number": identifiers.nhs_number,
    "upn": identifiers.upn,
    "former_upn": identifiers.upn,
    "uln": identifiers.uln,
    "pnc": identifiers.pnc,
}


def _identifier(name: str, text: str) -> str | None:
    try:
        return _IDENTIFIERS[name](text)
    except identifiers.BadIdentifier:
        return None


Golden = tuple[dict[Key, str], dict[frozenset[Key], dict[str, Any]]]


@pytest.fixture(scope="module")
def golden() -> Golden:
    """Every golden pair linked at once, among strangers."""
    pairs = [
        {**as_loaded(case[side]), "record_id": f"g{n}{side}"}
        for n, case in enumerate([*HARD, *KNOWN_WRONG])
        for side in ("left", "right")
    ]
    linked = link(*tables([*strangers(), *pairs]))
    return persons(linked), scored(linked)


def faults(number: int, case: Mapping[str, Any], golden: Golden) -> list[str]:
    """What linking did with a golden pair other than the pair asks for."""
    who, pairs = golden
    left, right = ((case[side]["source"], f"g{number}{side}") for side in ("left", "right"))
    together = who[left] == who[right]
    found = [] if together is case["same"] else ["joined" if together else "not joined"]
    if case.get("review"):
        pair = pairs.get(frozenset((left, right)))
        if pair is None or pair["joined"]:
            found.append("not kept for review")
        elif case.get("guard") and pair["guard"] != case["guard"]:
            found.append(f"stopped by {pair['guard'] or 'no guard'}")
    return found


@pytest.mark.parametrize("number", range(len(HARD)), ids=[case["name"] for case in HARD])
def test_hard_pair(number: int, golden: Golden) -> None:
    case = HARD[number]
    assert not faults(number, case, golden), f"{case['name']}: {case['why']}"


@pytest.mark.parametrize("number", range(len(KNOWN_WRONG)), ids=[case["name"] for case in KNOWN_WRONG])
def test_a_pair_known_to_come_out_wrong_still_does(number: int, golden: Golden) -> None:
    case = KNOWN_WRONG[number]
    assert faults(len(HARD) + number, case, golden), f"{case['name']} is right now: move it among the pairs"


def test_every_hard_pair_says_why_and_stands_there_once() -> None:
    every = [*HARD, *KNOWN_WRONG]
    assert len(every) >= LEAST_PAIRS
    assert len({case["name"] for case in every}) == len(every)
    for case in every:
        assert len(case.get("why", "").split()) >= 4, f"{case['name']}: say why in plain words"
    same = sum(case["same"] for case in every)
    assert 0.4 <= same / len(every) <= 0.6


def test_the_same_records_in_any_order_are_the_same_persons() -> None:
    rows = [dict(row) for row in strangers()[:900]]
    first = partition(link(*tables(rows)))
    random.Random(5).shuffle(rows)
    assert partition(link(*tables(rows))) == first


def test_human_decisions_outrank_every_score() -> None:
    rows: list[dict[str, Any]] = [
        {"source": "mosaic", "record_id": "1", "forename": "Ann", "surname": "Farrow", "dob": date(1990, 4, 4)},
        {"source": "lcs", "record_id": "2", "forename": "Ann", "surname": "Farrow", "dob": date(1990, 4, 4)},
        {"source": "lcs", "record_id": "3", "forename": "Quentin", "surname": "Blake"},
    ]
    one, two, three = ("mosaic", "1"), ("lcs", "2"), ("lcs", "3")
    assert partition(link(*tables(rows))) == {frozenset((one, two)), frozenset((three,))}
    linked = link(*tables(rows), must_link=[(one, three)], cannot_link=[(one, two)])
    assert partition(linked) == {frozenset((one, three)), frozenset((two,))}


def test_a_duplicate_the_source_names_is_joined_but_never_across_an_adoption() -> None:
    rows: list[dict[str, Any]] = [
        {"source": "mosaic", "record_id": "1", "forename": "Ivy", "surname": "Marlow"},
        {"source": "mosaic", "record_id": "2", "forename": "Iris", "surname": "Marlo", "duplicate_of": "1"},
        {
            "source": "mosaic",
            "record_id": "3",
            "forename": "Ivy",
            "surname": "Penrose",
            "duplicate_of": "1",
            "adopted": True,
        },
    ]
    assert partition(link(*tables(rows))) == {
        frozenset((("mosaic", "1"), ("mosaic", "2"))),
        frozenset((("mosaic", "3"),)),
    }


def test_ids_are_opaque_and_stay_from_night_to_night(tmp_path: Path) -> None:
    rows = list(strangers())[:300]
    before = link(*tables(rows))
    last_night = tmp_path / "people.csv"
    with last_night.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("source", "record_id", "person_id"))
        writer.writerows((*key, person) for key, person in persons(before).items())
    after = persons(link(*tables(rows[20:]), previous=last_night))
    assert {key: persons(before)[key] for key in after} == after
    assert all(26 <= len(person) <= 32 and person.isalnum() and person == person.lower() for person in after.values())


def test_an_id_goes_to_the_larger_part_of_a_split_and_is_used_once() -> None:
    keys = [("s", str(number)) for number in range(5)]
    ids = person_ids([0, 0, 2, 3, 3], keys, dict(zip(keys, "aaabb", strict=True)))
    assert (ids[0], ids[3]) == ("a", "b")
    assert ids[2] not in ("a", "b")


def test_pairs_keep_what_is_doubtful_and_the_report_holds_no_person() -> None:
    linked = link(*tables(strangers()))
    assert all(row["match_weight"] >= REVIEW_FLOOR or row["joined"] or row["guard"] for row in linked.pairs.to_pylist())
    words = repr(linked.report)
    assert not any(row["surname"] in words for row in strangers())
    assert {"records", "persons", "pairs_scored", "pairs_joined", "prior", "predicted_matches", "seconds"} <= set(
        linked.report
    )


def test_records_without_a_key_or_with_one_key_twice_are_refused() -> None:
    row = {"source": "mosaic", "record_id": "1", "forename": "A", "surname": "B"}
    with pytest.raises(DataRefused, match="more than once"):
        link(*tables([row, row]))
    with pytest.raises(DataRefused, match="record id"):
        link(*tables([{**row, "record_id": None}]))


def test_nobody_at_all_is_no_person() -> None:
    assert link(*tables([])).clusters.num_rows == 0


def test_an_id_on_many_people_is_no_id() -> None:
    rows = [
        {
            "source": "lcs",
            "record_id": str(n),
            "forename": ("Alfred", "Joan", "Bernard")[n],
            "surname": "X",
            "dob": date(2000, 1, n + 2),
            "nhs_number": "9990000069",
        }
        for n in range(3)
    ]
    assert prepare(*tables(rows))["nhs"].to_pylist() == [None, None, None]
    assert prepare(*tables(rows[:2]))["nhs"].to_pylist() == ["9990000069"] * 2


def test_a_mistyped_person_is_not_many_people() -> None:
    typed = [("Nathan", 4), ("Nathas", 14), ("Nahtan", 24), (None, 9)]
    rows = [
        {"source": "lcs", "record_id": str(n), "forename": name, "dob": date(2000, 3, day), "upn": "Z000000000011"}
        for n, (name, day) in enumerate(typed)
    ]
    assert prepare(*tables(rows))["upns"].to_pylist() == [["Z000000000011"]] * 4
    other = {**rows[0], "record_id": "9", "forename": "Olive", "dob": date(1999, 7, 8)}
    assert prepare(*tables([*rows, other]))["upns"].to_pylist() == [[]] * 5


def test_a_model_that_cannot_be_true_is_not_believed() -> None:
    assert all(credible(values) for values in shipped(COMPARISONS).parameters.values())
    assert not credible([(0.2, 0.01), (0.8, 0.99)])
    assert not credible([(0.4, 0.5), (0.6, 0.5)])


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_an_invented_council_is_linked_as_the_truth_says(tmp_path: Path) -> None:
    extracts, work = tmp_path / "council", tmp_path / "work"
    work.mkdir()
    generate(extracts, 4_000, 11, AS_AT)
    checked = check(extracts, work, previous=None)
    people, addresses = (
        pa.concat_tables([pq.read_table(part) for part in checked.tables[name]]) for name in ("person", "address")
    )
    linked = link(people, addresses)
    truth = {(row["source"], row["record_id"]): row["entity_id"] for row in read(extracts / "truth" / "records.csv")}
    who = persons(linked)
    assert linked.night is not None
    counts = pair_counts(who, truth, linked.night)
    assert counts.precision >= 0.99
    assert counts.recall_within_reach >= 0.97
    assert counts.recall >= 0.75
    for row in read(extracts / "truth" / "never_join.csv"):
        one, other = who.get((row["source_a"], row["record_a"])), who.get((row["source_b"], row["record_b"]))
        assert one is None or one != other, row["reason"]
