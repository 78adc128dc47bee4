"""The three sources read small extracts to exactly the rows their goldens hold, and a fourth needs only a folder.

A golden is JSON lines, one standard row a line, without empty values. `python -m tests.test_sources SOURCE...` writes
them anew: read every changed line before believing it.
"""

import json
import shutil
import sys
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from graph.errors import DataRefused
from graph.vocabulary import canonical, inverse, vocabulary
from loaders.check import CheckResult, check
from loaders.clean.kinship import read_pair
from loaders.source import discover
from loaders.tables import TABLES
from tests.own_source import MAPPING, TOML, own_source

FIXTURES = Path(__file__).parent.parent / "fixtures" / "sources"
FULL, BARE = FIXTURES, FIXTURES / "bare"
"""The second is the least a council may send, in the shapes of the public samples: no flags, no Mosaic people."""


def rows(result: CheckResult, table: str, source: str) -> list[dict[str, Any]]:
    return [
        row for path in result.tables.get(table, []) if path.stem == source for row in pq.read_table(path).to_pylist()
    ]


def as_lines(found: list[dict[str, Any]]) -> list[str]:
    plain = [{name: value for name, value in row.items() if value not in (None, [], False)} for row in found]
    return [json.dumps(row, default=date.isoformat, ensure_ascii=False) for row in plain]


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> CheckResult:
    return check(
        FULL,
        tmp_path_factory.mktemp("full"),
        keep_everything=True,
        gates={source.gate for source in discover().values()},
    )


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> CheckResult:
    return check(BARE, tmp_path_factory.mktemp("bare"), restrictions_required=False, keep_everything=True)


GOLDENS = sorted(
    (folder, golden) for folder in ("full", "bare") for golden in (FIXTURES / "expected" / folder).glob("*/*")
)


@pytest.mark.parametrize(("which", "golden"), GOLDENS, ids=lambda value: getattr(value, "stem", value))
def test_standard_rows_are_those_of_the_golden(which: str, golden: Path, request: pytest.FixtureRequest) -> None:
    result: CheckResult = request.getfixturevalue(which)
    assert as_lines(rows(result, golden.stem, golden.parent.name)) == golden.read_text("utf-8").splitlines()


@pytest.mark.parametrize("which", ["full", "bare"])
def test_every_table_written_has_a_golden(which: str, request: pytest.FixtureRequest) -> None:
    result: CheckResult = request.getfixturevalue(which)
    written = {(path.stem, table) for table, paths in result.tables.items() for path in paths}
    assert written == {(path.parent.name, path.stem) for folder, path in GOLDENS if folder == which}


@pytest.mark.parametrize("which", ["full", "bare"])
def test_no_row_is_lost(which: str, request: pytest.FixtureRequest) -> None:
    result: CheckResult = request.getfixturevalue(which)
    for report in result.files:
        assert report.rows == report.loaded + report.quarantined, report


def test_mosaic_and_lcs_agree_though_they_state_direction_in_opposite_ways(bare: CheckResult) -> None:
    def edges(source: str) -> set[tuple[str, str, str]]:
        return {(row["from_record"], row["code"], row["to_record"]) for row in rows(bare, "relationship", source)}

    assert edges("mosaic") == edges("lcs")
    assert ("201", "PARENT", "101") in edges("mosaic")
    assert len(edges("lcs")) == 12


def test_every_relationship_is_in_canonical_direction(full: CheckResult) -> None:
    for source in ("mosaic", "lcs"):
        for row in rows(full, "relationship", source):
            edge = (row["from_record"], row["code"], row["to_record"])
            assert canonical(*edge) == edge


def test_a_mirror_row_says_nothing_about_parental_responsibility(full: CheckResult) -> None:
    mirror = next(row for row in rows(full, "relationship", "mosaic") if row["row_id"] == "13")
    assert (mirror["from_record"], mirror["code"], mirror["to_record"]) == ("201", "PARENT", "101")
    assert mirror["parental_responsibility"] is None


def test_a_foster_carer_of_a_hidden_placement_is_restricted(full: CheckResult) -> None:
    fostering = [row for row in rows(full, "relationship", "mosaic") if row["code"] == "FOSTER_CARER"]
    assert [row["restricted"] for row in fostering] == [True]


def test_a_restriction_on_any_line_counts_and_a_missing_one_restricts(full: CheckResult) -> None:
    kinds = {row["record_id"]: row["restriction_kind"] for row in rows(full, "person", "lcs")}
    assert kinds["304"] == "IsHidden"
    assert kinds["302"] == kinds["203"] == "no restriction data"
    assert kinds["201"] == "HideAllAddresses"
    assert kinds["101"] is None


def test_a_restricted_person_is_kept_though_the_date_of_birth_cannot_be(full: CheckResult) -> None:
    person = next(row for row in rows(full, "person", "lcs") if row["record_id"] == "303")
    assert person["restricted"]
    assert person["dob"] is None


def test_the_link_to_the_time_before_an_adoption_is_never_read(full: CheckResult) -> None:
    """The canary stands in AdoptedLinkedPersonID: it may be in no file that a check leaves behind."""
    work = full.quarantine.parent
    assert "CANARY" in (FULL / "lcs" / "isperson.csv").read_text("utf-8")
    for path in (path for path in work.rglob("*") if path.is_file()):
        assert b"CANARY" not in path.read_bytes(), path
        if path.suffix == ".parquet":
            assert "CANARY" not in str(pq.read_table(path).to_pylist())
    assert all("AdoptedLinkedPersonID" not in spec.columns for one in discover().values() for spec in one.files)


def test_codes_a_site_uses_that_nobody_explains_are_kept_as_unknown(full: CheckResult) -> None:
    unknown = [row for row in rows(full, "relationship", "lcs") if row["code"] == "UNKNOWN"]
    assert [(row["source_code"], row["source_label"]) for row in unknown] == [("ZZZ", "ZZZ")]
    assert any("UNKNOWN" in note.message and note.source == "lcs" for note in full.notes)


def test_every_service_named_by_a_source_is_declared_by_it(full: CheckResult) -> None:
    for name, source in discover().items():
        declared = {service.service_id for service in source.services}
        for table in ("involvement", "plan", "event", "place_fact"):
            assert {row["service_id"] for row in rows(full, table, name)} <= declared, (name, table)


def test_every_service_has_one_title_and_one_sensitivity() -> None:
    said = {
        (service.service_id, service.title, service.sensitive)
        for source in discover().values()
        for service in source.services
    }
    assert len({service_id for service_id, _, _ in said}) == len(said)
    assert {service_id for service_id, _, sensitive in said if sensitive} == {
        "camhs",
        "mental_health",
        "substance_use",
        "sexual_health",
    }


@pytest.mark.parametrize("source", discover().values(), ids=lambda source: source.name)
def test_every_column_is_marked_and_every_standard_row_has_only_known_columns(source: Any, full: CheckResult) -> None:
    for spec in source.files:
        assert set(spec.marks.values()) <= {"SPEC", "SEEN", "ASSUMPTION"}
        assert set(spec.marks) == set(spec.columns)
    for table, paths in full.tables.items():
        for path in paths:
            assert pq.read_schema(path).equals(TABLES[table].schema)


@pytest.mark.parametrize(
    ("label", "code", "left", "right"),
    [
        ("Mother : Daughter", "PARENT", "F", "F"),
        ("  mother:DAUGHTER ", "PARENT", "F", "F"),
        ("Son : Father", "CHILD", "M", "M"),
        ("Great Grandmother : Great Grandson", "GREAT_GRANDPARENT", "F", "M"),
        ("great-grandmother : anything", "GREAT_GRANDPARENT", "F", ""),
        ("Step-Mother : Step Son", "STEP_PARENT", "F", "M"),
        ("Foster Carer : Support Carer", "SUPPORTED_FOSTER_CARER", "", ""),
        ("Father : Unborn Child", "PARENT_OF_UNBORN", "M", ""),
        ("Half Sister : Half-brother", "HALF_SIBLING", "F", "M"),
        ("Ex-Wife : Ex-Husband", "EX_SPOUSE", "F", "M"),
        ("Godmother : Godson", "GODPARENT", "F", "M"),
        ("Friend : Friend", "FRIEND", "", ""),
        ("Sister : Half-brother", "SIBLING", "F", "M"),
    ],
)
def test_mosaic_labels(label: str, code: str, left: str, right: str) -> None:
    assert read_pair(label) == (code, left, right)


def test_labels_nobody_knows_are_unmapped() -> None:
    for label in ("Dog walker : Neighbour", "", ":::"):
        assert read_pair(label) == ("UNKNOWN", "", "")


def test_every_word_of_the_vocabulary_is_a_mosaic_label() -> None:
    for code in vocabulary().values():
        for word in filter(None, (code.female_label, code.male_label)):
            first = word.split(" / ")[0]
            assert inverse(read_pair(f"{first} : x").code) == code.inverse_code, word


NEW_SOURCE, NEW_MAPPING = (text.replace("visitors", "people") for text in (TOML, MAPPING))


def test_a_new_source_is_one_folder(tmp_path: Path) -> None:
    registry = own_source(tmp_path / "registry", "partner", NEW_SOURCE, NEW_MAPPING)
    extracts = tmp_path / "extracts"
    (extracts / "partner").mkdir(parents=True)
    shutil.copy(FIXTURES / "manifest.toml", extracts)
    (extracts / "partner" / "people.csv").write_text("id,name,other\n1,Testford,x\n2,Sample,y\n")
    result = check(extracts, tmp_path / "work", registry=registry)
    assert not result.problems
    assert [(row["source"], row["surname"], row["source_row"]) for row in rows(result, "person", "partner")] == [
        ("partner", "Testford", "people.csv:2"),
        ("partner", "Sample", "people.csv:3"),
    ]
    assert [(state.source, state.connected) for state in result.sources] == [("partner", True)]


@pytest.mark.parametrize(
    ("description", "mapping"),
    [
        (NEW_SOURCE.replace("title =", "titel =", 1), NEW_MAPPING),
        (NEW_SOURCE + "[nonsense", NEW_MAPPING),
        (NEW_SOURCE, "def persons(row, context): yield from ()"),
        (NEW_SOURCE.split("[legal]", maxsplit=1)[0] + "[[files]]" + NEW_SOURCE.split("[[files]]")[1], NEW_MAPPING),
    ],
    ids=["unknown key", "not TOML", "no function for a file", "no word on why it may be held"],
)
def test_a_source_described_wrongly_is_refused_by_name(tmp_path: Path, description: str, mapping: str) -> None:
    with pytest.raises(DataRefused, match="partner"):
        discover(own_source(tmp_path, "partner", description, mapping))


def test_a_source_that_was_never_loaded_is_not_connected(bare: CheckResult) -> None:
    states = {state.source: state for state in bare.sources}
    assert not states["school_census"].connected
    assert states["school_census"].extracted_on is None
    assert states["mosaic"].extracted_on == date(2026, 6, 1)


def _write_goldens(sources: Collection[str]) -> None:
    """Anew for these sources, or for all where none is named."""
    for which, folder, strict in (("full", FULL, True), ("bare", BARE, False)):
        work = FIXTURES / "expected" / which / "work"
        gates = {source.gate for source in discover().values()}
        result = check(folder, work, restrictions_required=strict, keep_everything=True, gates=gates)
        for table, paths in result.tables.items():
            for path in (path for path in paths if not sources or path.stem in sources):
                golden = FIXTURES / "expected" / which / path.stem / f"{table}.jsonl"
                golden.parent.mkdir(parents=True, exist_ok=True)
                golden.write_text("".join(f"{line}\n" for line in as_lines(rows(result, table, path.stem))), "utf-8")
        shutil.rmtree(work)


if __name__ == "__main__":
    _write_goldens(sys.argv[1:])
