"""Linking as a whole, on the real Splink: hard pairs, the matrix, decisions, stable ids, and truth of an invented council."""

import csv
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from click.testing import CliRunner, Result

from graph.errors import DataRefused, UsageError
from loaders.check import check
from loaders.council.generate import generate
from loaders.linkage import Linked, link
from loaders.linkage.commands import link_command
from loaders.linkage.dates import Birth, read_birth
from loaders.linkage.identity import person_ids
from loaders.linkage.lists import read_list, recognise
from loaders.linkage.matrix import read_matrix
from loaders.linkage.model import credible, shipped
from loaders.linkage.names import forename_keys, surname_forms, tokens
from loaders.linkage.places import place
from loaders.linkage.prepare import prepare
from loaders.linkage.settings import COMPARISONS, REVIEW_FLOOR
from loaders.tables import ADDRESS, PERSON

GOLDENS = yaml.safe_load(Path("fixtures/golden/linkage_pairs.yaml").read_text(encoding="utf-8"))
AS_AT = date(2026, 11, 23)
Key = tuple[str, str]


def tables(records: Iterable[Mapping[str, Any]]) -> tuple[pa.Table, pa.Table]:
    """Standard tables from plain dicts; `address` is "line; postcode"."""
    people, addresses = [], []
    for record in records:
        people.append({name: record.get(name) for name, _, _ in PERSON.columns})
        if record.get("address"):
            text, _, postcode = record["address"].partition("; ")
            addresses.append({"source": record["source"], "record_id": record["record_id"], "text": text, "postcode": postcode or None})
    return pa.Table.from_pylist(people, schema=PERSON.schema), pa.Table.from_pylist(addresses, schema=ADDRESS.schema)


def persons(linked: Linked) -> dict[Key, str]:
    """person_id by record."""
    return {(row["source"], row["record_id"]): row["person_id"] for row in linked.clusters.to_pylist()}


def scored(linked: Linked) -> dict[frozenset[Key], dict[str, Any]]:
    """Kept pairs by their two records."""
    return {frozenset(((r["source_l"], r["record_id_l"]), (r["source_r"], r["record_id_r"]))): r for r in linked.pairs.to_pylist()}


def partition(linked: Linked) -> set[frozenset[Key]]:
    """The persons as sets of records."""
    parts: dict[str, set[Key]] = {}
    for key, person in persons(linked).items():
        parts.setdefault(person, set()).add(key)
    return {frozenset(part) for part in parts.values()}


_SYLLABLES = ("bar", "cor", "den", "fal", "gri", "hol", "kes", "lan", "mor", "nor", "pel", "rad", "sel", "tor", "vin", "wes")
_FORENAMES = ("Oliver George Amelia Isla Harry Noah Ava Mia Jack Leo Grace Lily David John Susan Karen Peter Ahmed Fatima Omar"
              " Ruby Felix Ellie Thomas Sarah Emma Paul Mark Laura Daniel Sophie Ella Lucy Adam Ryan Kayden Jayden").split()


@cache
def strangers(count: int = 1_200, seed: int = 3) -> tuple[dict[str, Any], ...]:
    """Invented people with a record in Mosaic and often one in LCS: the crowd in which hard pairs must be told apart."""
    dice = random.Random(seed)
    rows: list[dict[str, Any]] = []
    for number in range(count):
        surname = "".join(dice.choice(_SYLLABLES) for _ in range(2)).title()
        born = date(1950, 1, 1) + timedelta(days=dice.randrange(26_000))
        home = f"{dice.randint(1, 200)} {dice.choice(_SYLLABLES).title()} Street, Oldmere; AB{dice.randint(1, 9)} {dice.randint(1, 9)}XY"
        person = {"forename": dice.choice(_FORENAMES), "surname": surname, "dob": born, "sex": dice.choice("MF"), "address": home}
        rows.append({**person, "source": "mosaic", "record_id": f"m{number}"})
        if dice.random() < 0.6:
            slip = {"surname": surname[:-1]} if dice.random() < 0.1 else {}
            rows.append({**person, **slip, "source": "lcs", "record_id": f"l{number}"})
    return tuple(rows)


@pytest.fixture(scope="module")
def golden() -> tuple[dict[Key, str], dict[frozenset[Key], dict[str, Any]]]:
    """Every golden pair linked at once, among strangers."""
    pairs = [{**case[side], "record_id": f"g{n}{side}"} for n, case in enumerate(GOLDENS) for side in ("left", "right")]
    linked = link(*tables([*strangers(), *pairs]))
    return persons(linked), scored(linked)


@pytest.mark.parametrize("number", range(len(GOLDENS)), ids=[case["name"] for case in GOLDENS])
def test_hard_pair(number: int, golden: tuple[dict[Key, str], dict[frozenset[Key], dict[str, Any]]]) -> None:
    who, pairs = golden
    case = GOLDENS[number]
    left, right = ((case[side]["source"], f"g{number}{side}") for side in ("left", "right"))
    assert (who[left] == who[right]) is case["same"], case["name"]
    if case.get("review"):
        pair = pairs[frozenset((left, right))]
        assert not pair["joined"]
        assert pair["guard"] == case.get("guard")


MATRIX = (
    ("mosaic", "lcs", "L"), ("mosaic", "lcs", "N+D"), ("mosaic", "school_census", "N+D"), ("school_census", "lcs", "U"),
    ("ehm", "lcs", "L"), ("ehm", "mosaic", "L"), ("capita", "lcs", "U"), ("capita", "mosaic", "N+D"), ("capita", "ehm", "U"),
    ("iyss", "lcs", "U"), ("iyss", "lcs", "N+D+A"), ("iyss", "mosaic", "N+D"), ("iyss", "ehm", "U"), ("iyss", "ehm", "N+D+A"),
    ("iyss", "capita", "U"), ("iyss", "capita", "N+D+A"), ("nhs", "lcs", "H"), ("nhs", "mosaic", "N+D+A"), ("nhs", "ehm", "H"),
    ("nhs", "capita", "N+D+A"), ("nhs", "iyss", "N+D+A"), ("school_census", "ehm", "U"), ("school_census", "capita", "U"),
    ("school_census", "iyss", "U"), ("school_census", "iyss", "N+D+A"), ("school_census", "nhs", "N+D+A"),
    ("police", "mosaic", "N+D+A"), ("las", "lcs", "N+D"), ("etaf", "lcs", "L"), ("cypd", "capita", "N+D+A"), ("lcs", "lcs", "N+D+A"),
    ("housing", "mosaic", "N+D+A"), ("housing", "nhs", "H"),
)
_GIVES: Mapping[str, Mapping[str, Any]] = {
    "L": {"llid": "550001"}, "U": {"upn": "A000000000001"}, "H": {"nhs_number": "9990000050"},
    "N": {"forename": "Ambrose", "surname": "Tillotson"}, "D": {"dob": date(2011, 6, 14)}, "A": {"address": "2 Hope Street, Fallow; AA9 9ZZ"},
}
_OTHERWISE = {"forename": ("Ambrose", "Winston"), "surname": ("Tillotson", "Farquhar"), "dob": (date(2011, 6, 14), date(2001, 2, 3))}


def met(one: str, other: str, letters: Iterable[str]) -> bool:
    """Whether a pair that agrees on just these letters is scored."""
    rows: list[dict[str, Any]] = [{"source": one, "record_id": "a"}, {"source": other, "record_id": "b"}]
    for number, row in enumerate(rows):
        for name, values in _OTHERWISE.items():
            row[name] = values[number]
        for letter in letters:
            row.update(_GIVES[letter])
    return link(*tables(rows)).report["pairs_scored"] == 1


@pytest.mark.parametrize(("one", "other", "way"), MATRIX)
def test_a_cell_lets_a_pair_be_scored_and_less_does_not(one: str, other: str, way: str) -> None:
    letters = way.split("+")
    assert met(one, other, letters)
    assert not any(met(one, other, [letter for letter in letters if letter != less]) for less in letters)


def test_a_pair_of_census_and_lcs_is_never_met_by_name_and_date_alone() -> None:
    assert not met("school_census", "lcs", "NDA")


@pytest.mark.parametrize("way", ["N", "D", "A", "DA"])
def test_lists_from_elsewhere_ask_for_a_name_and_something_beside_it(way: str) -> None:
    assert read_matrix().for_lists().ways("x", "y") == {"id", "name_dob", "name_address"}
    assert not met("housing", "mosaic", way)


def test_the_same_records_in_any_order_are_the_same_persons() -> None:
    rows = list(strangers())[:900]
    first = partition(link(*tables(rows)))
    random.Random(5).shuffle(rows)
    assert partition(link(*tables(rows))) == first


def test_human_decisions_outrank_every_score() -> None:
    rows = [{"source": "mosaic", "record_id": "1", "forename": "Ann", "surname": "Farrow", "dob": date(1990, 4, 4)},
            {"source": "lcs", "record_id": "2", "forename": "Ann", "surname": "Farrow", "dob": date(1990, 4, 4)},
            {"source": "lcs", "record_id": "3", "forename": "Quentin", "surname": "Blake"}]
    one, two, three = ("mosaic", "1"), ("lcs", "2"), ("lcs", "3")
    assert partition(link(*tables(rows))) == {frozenset((one, two)), frozenset((three,))}
    linked = link(*tables(rows), must_link=[(one, three)], cannot_link=[(one, two)])
    assert partition(linked) == {frozenset((one, three)), frozenset((two,))}


def test_a_duplicate_the_source_names_is_joined_but_never_across_an_adoption() -> None:
    rows: list[dict[str, Any]] = [
        {"source": "mosaic", "record_id": "1", "forename": "Ivy", "surname": "Marlow"},
        {"source": "mosaic", "record_id": "2", "forename": "Iris", "surname": "Marlo", "duplicate_of": "1"},
        {"source": "mosaic", "record_id": "3", "forename": "Ivy", "surname": "Penrose", "duplicate_of": "1", "adopted": True},
    ]
    assert partition(link(*tables(rows))) == {frozenset((("mosaic", "1"), ("mosaic", "2"))), frozenset((("mosaic", "3"),))}


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
    ids = person_ids([0, 0, 2, 3, 3], keys, {key: old for key, old in zip(keys, "aaabb", strict=True)})
    assert ids[0] == "a" and ids[3] == "b" and ids[2] not in ("a", "b")


def test_pairs_keep_what_is_doubtful_and_the_report_holds_no_person(golden: Any) -> None:
    linked = link(*tables(strangers()))
    assert all(row["match_weight"] >= REVIEW_FLOOR or row["joined"] or row["guard"] for row in linked.pairs.to_pylist())
    words = repr(linked.report)
    assert not any(row["surname"] in words for row in strangers())
    assert {"records", "persons", "pairs_scored", "pairs_joined", "prior", "predicted_matches", "seconds"} <= set(linked.report)


def test_records_without_a_key_or_with_one_key_twice_are_refused() -> None:
    row = {"source": "mosaic", "record_id": "1", "forename": "A", "surname": "B"}
    with pytest.raises(DataRefused, match="more than once"):
        link(*tables([row, row]))
    with pytest.raises(DataRefused, match="record id"):
        link(*tables([{**row, "record_id": None}]))


def test_nobody_at_all_is_no_person() -> None:
    assert link(*tables([])).clusters.num_rows == 0


def test_an_id_on_many_people_is_no_id() -> None:
    rows = [{"source": "lcs", "record_id": str(n), "forename": f"Name{'abc'[n]}", "surname": "X", "dob": date(2000, 1, n + 2),
             "nhs_number": "9990000069"} for n in range(3)]
    assert prepare(*tables(rows))["nhs"].to_pylist() == [None, None, None]
    assert prepare(*tables(rows[:2]))["nhs"].to_pylist() == ["9990000069"] * 2


@pytest.mark.parametrize(("one", "other", "alike"), [
    ("alfie", "alfred", True), ("liz", "elizabeth", True), ("tommy", "thomas", True), ("mohammed", "muhammad", True),
    ("kasia", "katarzyna", True), ("sasha", "alexander", True), ("jack", "john", True), ("oliver", "olivia", False), ("ruby", "rose", False),
])
def test_forms_of_a_forename(one: str, other: str, alike: bool) -> None:
    assert bool(forename_keys(one) & forename_keys(other)) is alike


def test_names_are_folded_and_placeholders_are_none() -> None:
    assert surname_forms("O'Brien-Müller") == ("obrienmuller", "obrien", "muller")
    assert surname_forms("van der Berg")[0] == "vanderberg" and "der" not in surname_forms("van der Berg")
    assert tokens("Mrs Anne-Marie") == ("annemarie",)
    assert [tokens(text) for text in ("Unknown", "not known", "BABY", "", "Baby Boy")] == [()] * 5


@pytest.mark.parametrize(("text", "expected"), [
    ("2012-05-12", ("2012", "05", "12")), ("12/05/2012", ("2012", "05", "12")), ("20120512", ("2012", "05", "12")),
    ("1980", ("1980", None, None)), ("1980-05", ("1980", "05", None)), ("--05-12", (None, "05", "12")),
    ("2012-May-12 00:00:00", ("2012", "05", "12")), ("12 May 2012", ("2012", "05", "12")), ("19831392", ("1983", "13", "92")),
    ("1900-01-01", (None, None, None)), ("1970-01-01", (None, None, None)), ("soon", (None, None, None)), ("", (None, None, None)),
])
def test_dates_are_read_as_far_as_they_go(text: str, expected: tuple[str | None, ...]) -> None:
    assert read_birth(text) == Birth(*expected)


def test_addresses_meet_in_spite_of_abbreviations() -> None:
    one, other = place("Flat 2, 14 Quarry Road, Oldmere", "aa1 2bd"), place("flat 2 14 Quarry Rd.", "AA1 2BD")
    assert one.place_key == other.place_key == "AA12BD|2-14" and one.street_key == other.street_key
    assert place("No fixed abode", None).words == ()


def test_a_model_that_cannot_be_true_is_not_believed() -> None:
    assert all(credible(values) for values in shipped(COMPARISONS).parameters.values())
    assert not credible([(0.2, 0.01), (0.8, 0.99)])
    assert not credible([(0.4, 0.5), (0.6, 0.5)])


def pairwise(linked: Linked, truth: Mapping[Key, str]) -> tuple[float, float]:
    """Precision and recall over pairs of records."""
    found = [(person, truth[key]) for key, person in persons(linked).items()]

    def pairs(values: Iterable[object]) -> int:
        return sum(n * (n - 1) // 2 for n in Counter(values).values())

    right = pairs(found)
    return right / pairs(person for person, _ in found), right / pairs(entity for _, entity in found)


def test_an_invented_council_is_linked_as_the_truth_says(tmp_path: Path) -> None:
    extracts, work = tmp_path / "council", tmp_path / "work"
    work.mkdir()
    generate(extracts, 4_000, 11, AS_AT)
    checked = check(extracts, work, previous=None)
    people, addresses = (pa.concat_tables([pq.read_table(part) for part in checked.tables[name]]) for name in ("person", "address"))
    linked = link(people, addresses)
    truth = {(row["source"], row["record_id"]): row["entity_id"] for row in read(extracts / "truth" / "records.csv")}
    precision, recall = pairwise(linked, truth)
    assert precision >= 0.99 and recall >= 0.95, (precision, recall)
    who = persons(linked)
    for row in read(extracts / "truth" / "never_join.csv"):
        one, other = who.get((row["source_a"], row["record_a"])), who.get((row["source_b"], row["record_b"]))
        assert one is None or one != other, row["reason"]


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def run(tmp_path: Path, text: str, *options: str) -> tuple[Result, Path, Path]:
    """`flask link` on a list, and where it wrote."""
    source, out, explain = tmp_path / "in.csv", tmp_path / "clusters.csv", tmp_path / "pairs.csv"
    source.write_text(text, encoding="utf-8")
    return CliRunner().invoke(link_command, [str(source), "--out", str(out), "--explain", str(explain), *options]), out, explain


LIST = """Rec_ID,First_Name,LAST_NAME,Date of Birth,Street_Number,Address_1,Post_Code,Shoe
1,Michael,Attercliffe,1980-05-12,12,Foo Street,AA1 1AA,9
2,Mike,Attercliffe,12/05/1980,12,Foo St,AA1 1AA,9
3,Anna,Jessop,1990-02-01,1,Bar Road,AA2 2BB,5
"""


def test_any_list_is_linked(tmp_path: Path) -> None:
    result, out, explain = run(tmp_path, LIST)
    assert result.exit_code == 0, result.output
    rows = read(out)
    assert [list(row) for row in rows] == [["source", "record_id", "person_id", "cluster_size"]] * 3
    assert rows[0]["person_id"] == rows[1]["person_id"] != rows[2]["person_id"]
    assert [row["cluster_size"] for row in rows] == ["2", "2", "1"]
    [pair] = read(explain)
    assert list(pair) == ["source_l", "record_id_l", "source_r", "record_id_r", "match_weight", "match_probability", "joined"]
    assert pair["joined"] == "true" and float(pair["match_weight"]) > 0 and "Shoe" in result.output


def test_a_source_may_be_said_to_hold_each_person_once(tmp_path: Path) -> None:
    result, out, _ = run(tmp_path, LIST, "--unique-in", "list")
    assert result.exit_code == 0 and {row["cluster_size"] for row in read(out)} == {"1"}


@pytest.mark.parametrize(("text", "code", "says"), [
    ("a,b\n1,2\n", 2, "first_name"),
    ("forename,surname\nA,B\n", 2, "never links"),
    ("forename,surname,dob\n", 65, "no rows"),
    ("forename,surname,dob\nA,B\n", 65, "line 2"),
    ('forename,surname,dob\n"A,B,2000-01-01\n', 65, "line"),
    ("id,forename,surname,dob\n1,A,B,2000-01-02\n1,C,D,2000-01-03\n", 65, "more than once"),
])
def test_a_list_that_cannot_be_used_is_refused_in_plain_words(tmp_path: Path, text: str, code: int, says: str) -> None:
    result, out, _ = run(tmp_path, text)
    assert (result.exit_code, out.exists()) == (code, False)
    assert says in result.output and "Traceback" not in result.output


def test_columns_go_by_many_names() -> None:
    columns, parts, ignored = recognise(["Given-Name", "FAMILY NAME", "soc_sec_id", "house_number", "Street", "ZIP", "hat"], {})
    assert set(columns) == {"forename", "surname", "id_national", "postcode"}
    assert parts == ["house_number", "Street"] and ignored == ["hat"]
    renamed, _, _ = recognise(["n1", "n2", "born"], {"n1": "forename", "n2": "surname", "born": "dob"})
    assert set(renamed) == {"forename", "surname", "dob"}
    with pytest.raises(UsageError, match="given_name"):
        recognise(["shoe"], {})


def test_a_full_name_in_one_column_is_parted(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text('name,dob\nAnn Bee,2000-01-02\n"Cee, Dan",2000-01-03\n', encoding="utf-8")
    people: Sequence[Mapping[str, Any]] = read_list(tmp_path / "in.csv").people.to_pylist()
    assert [(row["forename"], row["surname"]) for row in people] == [("Ann", "Bee"), ("Dan", "Cee")]
