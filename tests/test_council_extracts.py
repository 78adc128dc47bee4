"""The extracts of an invented council: whole, in each source's own direction, wrong as often as meant; their truth."""

import re
import tomllib
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from stdnum.gb import nhs

from graph.vocabulary import canonical, vocabulary
from loaders.check import check
from loaders.council.links import words
from loaders.source import discover
from tests.councils import (
    PERSON_TABLES,
    TODAY,
    council,
    day,
    direction,
    extract,
    lcs_parents,
    listed,
    mosaic_parents,
)


def test_every_id_in_the_extracts_belongs_to_somebody() -> None:
    """Apart from the few rows made to be put aside: less than one in a thousand of each file."""
    made = extract(20_000)
    for table, column, target, key in (
        ("mosaic/dm_personal_relationships", "PERSON_ID", "mosaic/dm_persons", "PERSON_ID"),
        ("mosaic/dm_personal_relationships", "OTHER_PERSON_ID", "mosaic/dm_persons", "PERSON_ID"),
        (
            "mosaic/dm_personal_relationships",
            "PERSONAL_REL_TYPE_ID",
            "mosaic/dm_personal_rel_types",
            "PERSONAL_REL_TYPE_ID",
        ),
        ("mosaic/addresses_people", "PERSON_ID", "mosaic/dm_persons", "PERSON_ID"),
        ("mosaic/addresses_people", "ADDRESS_ID", "mosaic/dm_addresses", "ADDRESS_ID"),
        ("mosaic/dm_person_references", "PERSON_ID", "mosaic/dm_persons", "PERSON_ID"),
        ("mosaic/dm_prof_relationships", "PERSON_ID", "mosaic/dm_persons", "PERSON_ID"),
        ("mosaic/dm_prof_relationships", "WORKER_ID", "mosaic/dm_workers", "WORKER_ID"),
        ("lcs/FACT_PERSON_RELATION", "DIM_PERSON_ID", "lcs/DIM_PERSON", "DIM_PERSON_ID"),
        ("lcs/FACT_PERSON_RELATION", "DIM_RELATED_PERSON_ID", "lcs/DIM_PERSON", "DIM_PERSON_ID"),
        (
            "lcs/FACT_PERSON_RELATION",
            "DIM_LOOKUP_RELTN_TYPE_CODE",
            "lcs/site_relationship_codes",
            "DIM_LOOKUP_RELTN_TYPE_CODE",
        ),
        ("lcs/FACT_INVOLVEMENTS", "DIM_PERSON_ID", "lcs/DIM_PERSON", "DIM_PERSON_ID"),
        ("lcs/DIM_PERSON_ADDRESS", "DIM_PERSON_ID", "lcs/DIM_PERSON", "DIM_PERSON_ID"),
        ("lcs/isperson", "PersonID", "lcs/DIM_PERSON", "DIM_PERSON_ID"),
        ("lcs/DIM_PERSON", "DIM_PERSON_ID", "lcs/isperson", "PersonID"),
        ("school_census/addresses", "pupilonrolltableid", "school_census/pupilonroll", "pupilonrolltableid"),
    ):
        known = {row[key] for row in made(target)}
        rows = made(table)
        strange = sum(row[column] not in known for row in rows)
        assert len(rows) > 0
        assert strange <= len(rows) * 0.001, (table, column, strange)


def test_no_id_is_given_twice() -> None:
    """The column that a source's description calls the key, and the first one of the systems written longest."""
    made = extract(20_000)
    for source in discover().values():
        for spec in source.files:
            if not (made.folder / source.name / spec.filename).exists():
                continue
            rows = made(f"{source.name}/{spec.name}")
            key = spec.key or (next(iter(rows[0])) if source.name in PERSON_TABLES else None)
            if key is not None:
                assert len({row[key] for row in rows}) == len(rows), (source.name, spec.name)


def test_both_extracts_state_direction_each_in_its_own_way() -> None:
    """Mosaic: PERSON_ID has the left label. LCS: the code is what the related person is."""
    made = extract(5_000)
    assert direction(made, "mosaic") > 0.98
    assert direction(made, "lcs") > 0.98
    turned = extract(1_000, 1, ("mosaic", "lcs"))
    assert direction(turned, "mosaic") < 0.1
    assert direction(turned, "lcs") < 0.1


def test_sources_have_gaps_mirrors_duplicates_and_mistakes_but_not_too_many() -> None:
    made = extract(20_000)
    people = {p.entity_id: p for p in council(20_000).people}
    who = made.entities()
    rows = [row for row in made("mosaic/dm_persons") if row["FIRST_NAME"] and row["UNBORN"] == "N"]
    wrong = sum(people[who["mosaic", row["PERSON_ID"]]].forename != row["FIRST_NAME"] for row in rows) / len(rows)
    assert 0.02 < wrong < 0.12
    birth = [(people[who["mosaic", row["PERSON_ID"]]].born, day(row["DATE_OF_BIRTH"])) for row in rows]
    assert 0.01 < sum(true != found for true, found in birth) / len(birth) < 0.08
    assert any(row["DATE_OF_BIRTH"] == "1900-01-01" for row in rows)
    numbers = [row["NHS_ID"] for row in rows if row["NHS_ID"]]
    assert 0.005 < sum(not nhs.is_valid(number) for number in numbers) / len(numbers) < 0.04
    assert Counter(numbers).most_common(1)[0][1] >= 3, "no number is typed for many people"
    marked = sum(bool(row["DUPLICATE_OF"]) for row in rows)
    entities = Counter(who["mosaic", row["PERSON_ID"]] for row in rows)
    assert 10 < marked < sum(count > 1 for count in entities.values()) < len(rows) * 0.04
    pairs = Counter(frozenset((r["PERSON_ID"], r["OTHER_PERSON_ID"])) for r in made("mosaic/dm_personal_relationships"))
    assert 0.25 < sum(count > 1 for count in pairs.values()) / len(pairs) < 0.55
    assert any(day(row["DATE_OF_BIRTH"]) is None and row["DATE_OF_BIRTH"] for row in made("mosaic/dm_persons"))


def test_a_source_contradicts_another_now_and_then() -> None:
    """Of step-parents in both systems, some are a parent in one of them."""
    made = extract(20_000)
    step = {
        frozenset((r["entity_a"], r["entity_b"])) for r in made("truth/relationships") if r["code"] == "STEP_PARENT"
    }
    who = made.entities()
    stated = {frozenset((who["mosaic", a], who["mosaic", b])) for a, b in mosaic_parents(made) if ("mosaic", b) in who}
    assert 1 <= len(step & stated) < len(step) * 0.4


def test_the_census_has_children_and_no_parents() -> None:
    made = extract(5_000)
    pupils = made("school_census/pupilonroll")
    ages = [(TODAY - found).days / 365.25 for row in pupils if (found := day(row["dob"])) and found.year > 1970]
    assert len(pupils) > 500
    assert sum(4 <= age < 17 for age in ages) / len(ages) > 0.98
    tables = [made(f"school_census/{path.stem}") for path in (made.folder / "school_census").iterdir()]
    columns = {column.lower() for rows in tables for column in rows[0]}
    named = {column for column in columns if re.search("parent|carer|contact", column)}
    assert named == {"youngcarer", "schoolcontact"}
    assert re.fullmatch(r"\d{4}-[A-Z][a-z]{2}-\d\d 00:00:00", pupils[0]["dob"])


def test_a_small_council_has_no_malformed_rows() -> None:
    made = extract(300)
    assert all(row["FIRST_NAME"] for row in made("mosaic/dm_persons"))
    known = {row["PERSON_ID"] for row in made("mosaic/dm_persons")}
    assert {row["OTHER_PERSON_ID"] for row in made("mosaic/dm_personal_relationships")} <= known


def test_the_manifest_says_that_nobody_exists() -> None:
    manifest = tomllib.loads((extract(10).folder / "manifest.toml").read_text(encoding="utf-8"))
    assert manifest == {"as_at": TODAY, "invented": True}


def test_every_code_is_a_word_of_the_vocabulary_and_has_its_inverse() -> None:
    assert set(words()) <= set(vocabulary())
    assert {vocabulary()[code].inverse_code for code in words()} <= set(words())
    codes = [forms[3] for forms in words().values()]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("people", [10, 300, 5_000])
def test_truth_names_every_record_and_nothing_else(people: int) -> None:
    made = extract(people)
    lists = {source: PERSON_TABLES[source] for source in ("mosaic", "lcs")}
    written = {(source, row[key]) for source, (table, key) in lists.items() for row in made(table)}
    told = made.entities()
    assert {record for record in told if record[0] in lists} == written
    assert len(made("truth/records")) == len(told)
    assert len(set(told.values())) <= people


def test_truth_names_everybody_whom_a_loader_finds_and_nobody_a_file_does_not_list(tmp_path: Path) -> None:
    """Of every source: people of the people's file, and those whom other files name as a parent or a contact."""
    made = extract(5_000)
    gates = {source.gate for source in discover().values() if source.gate}
    tables = check(made.folder, tmp_path, gates=gates).tables["person"]
    loaded = {
        record
        for path in tables
        for record in zip(*pq.read_table(path, columns=["source", "record_id"]).to_pydict().values(), strict=True)
    }
    told = set(made.entities())
    assert loaded <= told
    assert told - loaded <= listed(made)
    assert {source for source, _ in loaded} == {source for source, _ in told}


def test_true_relationships_are_in_canonical_direction_and_between_known_people() -> None:
    made = extract(5_000)
    known = set(made.entities().values())
    rows = made("truth/relationships")
    assert len({tuple(row.values()) for row in rows}) == len(rows)
    for row in rows:
        assert {row["entity_a"], row["entity_b"]} <= known
        assert canonical(row["entity_a"], row["code"], row["entity_b"]) == (
            row["entity_a"],
            row["code"],
            row["entity_b"],
        )


def test_what_a_source_says_of_parents_is_true_with_few_exceptions() -> None:
    made = extract(5_000)
    who = made.entities()
    true = {(r["entity_a"], r["entity_b"]) for r in made("truth/relationships") if r["code"] == "PARENT"}
    for source, pairs in (("mosaic", mosaic_parents(made)), ("lcs", lcs_parents(made))):
        stated = [(who[source, a], who[source, b]) for a, b in pairs if (source, a) in who and (source, b) in who]
        assert sum(pair in true for pair in stated) / len(stated) > 0.96


def test_restrictions_are_those_the_sources_flag() -> None:
    made = extract(20_000)
    who = made.entities()
    flagged = {
        (who["mosaic", r["PERSON_ID"]], "RESTRICTED") for r in made("mosaic/dm_persons") if r["RESTRICTED"] == "Y"
    }
    for row in made("lcs/isperson"):
        flagged |= {
            (who["lcs", row["PersonID"]], kind)
            for kind in ("Secure", "IsHidden", "HideAllAddresses")
            if row[kind] == "Y"
        }
    told = {(row["entity_id"], row["kind"]) for row in made("truth/restrictions")}
    assert flagged == told
    assert len({entity for entity, _ in told}) > 20
    both = {who[key] for key in who if key[0] == "mosaic"} & {who[key] for key in who if key[0] == "lcs"}
    by_mosaic = {entity for entity, kind in told if kind == "RESTRICTED"} & both
    by_lcs = {entity for entity, kind in told if kind != "RESTRICTED"} & both
    assert by_mosaic - by_lcs, "one system always remembers what the other knows"
    assert by_mosaic & by_lcs


def test_adopted_children_are_two_people_who_must_never_be_joined() -> None:
    made = extract(20_000)
    who = made.entities()
    rows = made("truth/never_join")
    assert all((r["source_a"], r["record_a"]) in who and (r["source_b"], r["record_b"]) in who for r in rows)
    pairs = [(who[r["source_a"], r["record_a"]], who[r["source_b"], r["record_b"]], r["reason"]) for r in rows]
    assert all(one != other for one, other, _ in pairs)
    reasons = Counter(reason for _, _, reason in pairs)
    assert set(reasons) == {
        "adopted",
        "twin",
        "parent and child of one name",
        "strangers of one name and date of birth",
    }
    people = {p.entity_id: p for p in council(20_000).people}
    for one, other, reason in pairs:
        if reason == "adopted":
            assert people[one].born == people[other].born
            assert not {people[one].upn, people[one].nhs} & {people[other].upn, people[other].nhs} - {""}
    linked = [row for row in made("lcs/isperson") if row["AdoptedLinkedPersonID"]]
    assert all(row["IsAdopted"] == "Y" for row in linked)
