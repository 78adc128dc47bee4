"""A shield outlives refresh. Each story is one way in which a shielded child was, or could be, shown again."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from loaders.refresh import restrictions
from loaders.tables import PERSON
from tests.small_council import Facts, connection_of

BORN = date(2015, 3, 4)
CHILD: dict[str, Any] = {"forename": "Ivy", "surname": "Marsh", "dob": BORN, "sex": "F", "nhs_number": "9990000018"}


def shielded(facts: Facts, tmp_path: Path, memory: pa.Table | None = None) -> set[str]:
    return {row[0] for row in _marked(facts, tmp_path, memory).execute("FROM shielded").fetchall()}


def _marked(facts: Facts, tmp_path: Path, memory: pa.Table | None = None) -> duckdb.DuckDBPyConnection:
    return connection_of(facts, tmp_path, memory=memory)


def council(*records: dict[str, Any], pairs: list[tuple[str, str, str, str]] | None = None) -> Facts:
    """Records as given, one person each unless `person` says otherwise."""
    facts = Facts(pairs=pairs or [])
    for number, record in enumerate(records):
        row = {"record_id": str(number), "status": "alive"} | record
        person = row.pop("person", f"person {number}")
        facts.add("person", **row)
        facts.people[(facts.person[-1]["source"], row["record_id"])] = person
    return facts


@pytest.fixture
def memory(tmp_path: Path) -> pa.Table:
    """What last night's build remembers: Ivy Marsh, Mosaic record 0, restricted."""
    return restrictions.remembered(_marked(council(CHILD | {"restricted": True, "person": "ivy"}), tmp_path))


def test_a_flag_in_one_source_shields_the_whole_person(tmp_path: Path) -> None:
    facts = council(CHILD | {"person": "ivy"}, CHILD | {"source": "lcs", "person": "ivy", "restricted": True})
    assert shielded(facts, tmp_path) == {"ivy"}


def test_nobody_is_shielded_without_a_reason(tmp_path: Path) -> None:
    assert shielded(council(CHILD, CHILD | {"forename": "Tom"}), tmp_path) == set()


def test_the_flag_is_missing_tonight(tmp_path: Path, memory: pa.Table) -> None:
    assert shielded(council(CHILD | {"person": "ivy"}), tmp_path, memory) == {"ivy"}


def test_the_source_gave_the_record_a_new_id(tmp_path: Path, memory: pa.Table) -> None:
    facts = council({"record_id": "9", "forename": "Unrelated", "surname": "Person"}, CHILD | {"record_id": "777"})
    assert shielded(facts, tmp_path, memory) == {"person 1"}


def test_new_id_and_new_surname(tmp_path: Path, memory: pa.Table) -> None:
    new = CHILD | {"record_id": "777", "surname": "Holt", "nhs_number": None}
    assert shielded(council(new), tmp_path, memory) == {"person 0"}


@pytest.mark.parametrize("number", [{"nhs_number": "9990000018"}, {"upn": "K000200416001"}])
def test_everything_new_but_one_number(tmp_path: Path, number: dict[str, str]) -> None:
    before = CHILD | {"restricted": True, "person": "ivy", "nhs_number": None} | number
    memory = restrictions.remembered(_marked(council(before), tmp_path))
    new = {"record_id": "777", "forename": "Rose", "surname": "Holt", "dob": date(2015, 1, 1)} | number
    assert shielded(council(new), tmp_path, memory) == {"person 0"}


def test_a_duplicate_that_failed_to_match(tmp_path: Path) -> None:
    facts = council(
        CHILD | {"restricted": True, "person": "ivy"},
        CHILD | {"source": "lcs", "surname": "Mash"},
        pairs=[("lcs", "1", "mosaic", "0")],
    )
    assert shielded(facts, tmp_path) == {"ivy", "person 1"}


def test_the_person_was_split(tmp_path: Path) -> None:
    joined = council(CHILD | {"restricted": True, "person": "ivy"}, CHILD | {"source": "lcs", "person": "ivy"})
    remembered = restrictions.remembered(_marked(joined, tmp_path))
    split = council(CHILD | {"person": "new"}, CHILD | {"source": "lcs", "person": "ivy"})
    assert shielded(split, tmp_path, remembered) == {"new", "ivy"}


def test_the_person_was_merged(tmp_path: Path, memory: pa.Table) -> None:
    facts = council(
        CHILD | {"person": "older"}, {"record_id": "5", "forename": "Ivie", "surname": "Marsh", "person": "older"}
    )
    assert shielded(facts, tmp_path, memory) == {"older"}


def test_a_record_gone_for_a_night_is_still_remembered_after(tmp_path: Path, memory: pa.Table) -> None:
    without = restrictions.remembered(_marked(council({"record_id": "5", "forename": "Someone"}), tmp_path, memory))
    assert shielded(council(CHILD | {"person": "back"}), tmp_path, without) == {"back"}


def test_a_twin_of_another_name_and_day_stays_visible(tmp_path: Path, memory: pa.Table) -> None:
    brother = {"record_id": "8", "forename": "Sam", "surname": "Marsh", "dob": date(2012, 1, 9)}
    assert shielded(council(CHILD | {"person": "ivy"}, brother), tmp_path, memory) == {"ivy"}


@pytest.mark.parametrize(
    "other",
    [
        {"surname": "Mrash"},
        {"forename": "Ivey", "dob": date(2015, 3, 5)},
        {"dob": date(2015, 4, 3)},
        {"dob": date(2014, 3, 4)},
        {"forename": "Marsh", "surname": "Ivy"},
        {"surname": "Marsh-Holt"},
        {"forename": "I"},
    ],
)
def test_the_net_catches_a_record_that_linking_could_not_join(tmp_path: Path, other: dict[str, Any]) -> None:
    """A pupil record with its own number: no identifier in common, a mistake in a name or in the date of birth."""
    pupil = CHILD | {"source": "lcs", "nhs_number": None, "person": "pupil"} | other
    assert shielded(council(CHILD | {"restricted": True, "person": "ivy"}, pupil), tmp_path) == {"ivy", "pupil"}


def test_the_net_catches_a_record_without_a_birth_date_at_the_same_address(tmp_path: Path) -> None:
    facts = council(
        CHILD | {"restricted": True, "person": "ivy"},
        CHILD | {"dob": None, "person": "undated"},
        CHILD | {"dob": None, "person": "elsewhere"},
    )
    for record, street in (("0", "1 Elm Row"), ("1", "1 Elm Row"), ("2", "9 Ash Way")):
        facts.add("address", record_id=record, text=street, postcode="AA1 1AA", type="home")
    assert shielded(facts, tmp_path) == {"ivy", "undated"}


@pytest.mark.parametrize(
    "other",
    [
        {"forename": "Sam"},
        {"dob": date(2011, 7, 9)},
        {"surname": "Okafor", "forename": "Ivan"},
        {"dob": None},
    ],
)
def test_the_net_lets_other_people_be(tmp_path: Path, other: dict[str, Any]) -> None:
    stranger = CHILD | {"source": "lcs", "nhs_number": None, "person": "stranger"} | other
    assert shielded(council(CHILD | {"restricted": True, "person": "ivy"}, stranger), tmp_path) == {"ivy"}


def expired(**said: Any) -> pa.Table:
    """A restricted person whose record their source no longer keeps."""
    row = {"source": "lcs", "record_id": "77", "restricted": True, "restriction_kind": "Secure"} | CHILD | said
    return pa.Table.from_pylist([row], schema=PERSON.schema)


@pytest.mark.parametrize(
    "other", [{}, {"surname": "Holt", "nhs_number": None}, {"forename": "Rose", "surname": "Holt", "dob": None}]
)
def test_somebody_restricted_who_ages_out_of_that_source_stays_shielded_in_the_others(
    tmp_path: Path, other: dict[str, Any]
) -> None:
    facts = council(CHILD | other, {"record_id": "5", "forename": "Someone", "surname": "Else", "dob": BORN})
    assert shielded(facts, tmp_path) == set()
    marked = _marked(facts, tmp_path, restrictions.with_expired(restrictions.MEMORY.empty_table(), [expired()]))
    assert marked.execute("FROM shielded").fetchall() == [("person 0",)]
    again = restrictions.remembered(marked)
    assert shielded(council(CHILD | other | {"person": "new"}), tmp_path, again) == {"new"}


def test_what_is_remembered_of_an_aged_record_is_not_overwritten(tmp_path: Path, memory: pa.Table) -> None:
    """The memory knows who the person was; the aged row does not."""
    aged = expired(source="mosaic", record_id="0", forename="X", surname="Y", dob=None, nhs_number=None)
    facts = council({"record_id": "9", "forename": "Changed", "surname": "Wholly", "person": "ivy"})
    assert shielded(facts, tmp_path, restrictions.with_expired(memory, [aged])) == {"ivy"}


def test_a_name_of_several_parts_is_remembered_as_it_is_compared(tmp_path: Path) -> None:
    name = {"forename": "Mary-Ann", "surname": "O'Shea-Holt", "nhs_number": None}
    before = restrictions.remembered(_marked(council(CHILD | name | {"restricted": True, "person": "ivy"}), tmp_path))
    back = CHILD | name | {"record_id": "777", "surname": "Smith", "person": "back"}
    nameless = CHILD | {"record_id": "778", "forename": None, "surname": None, "nhs_number": None, "person": "nameless"}
    assert shielded(council(back, nameless), tmp_path, before) == {"back"}


def test_memory_is_for_its_owner_only(tmp_path: Path, memory: pa.Table) -> None:
    restrictions.write_memory(tmp_path, memory)
    assert (tmp_path / restrictions.MEMORY_FILE).stat().st_mode & 0o077 == 0
    assert restrictions.recall(tmp_path).equals(memory)


def test_before_the_first_publish_nothing_is_remembered() -> None:
    assert restrictions.recall(None).num_rows == 0
