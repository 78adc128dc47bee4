"""The evidence of a night: every kept pair is told field by field, and the fields add up to the weight it was given."""

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from graph.evidence import FILE, Alarm, Evidence, write_settled
from loaders.linkage.evidence import alarms, keep_evidence
from loaders.linkage.identity import by_record
from loaders.linkage.settings import REVIEW_FLOOR
from tests.linked_council import first_night, tables

TOLERANCE = 0.001
"""Log2 odds: what rounding a weight to four digits and summing a dozen fields may move it."""


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    folder = tmp_path_factory.mktemp("build")
    found = first_night().evidence
    assert found is not None
    keep_evidence(folder, found, by_record(first_night().clusters))
    assert (folder / "evidence.sqlite").stat().st_mode & 0o077 == 0
    return Evidence(folder)


def test_the_fields_of_every_pair_add_up_to_its_weight(evidence: Evidence) -> None:
    """What Splink says of the whole is what the explanation says of the parts, rarity of names included."""
    told = 0
    for row in first_night().pairs.to_pylist():
        pair = evidence.between((row["source_l"], row["record_id_l"]), (row["source_r"], row["record_id_r"]))
        assert pair is not None
        assert pair.weight == pytest.approx(row["match_weight"])
        assert pair.joined == row["joined"]
        whole = pair.prior + sum(field.weight for field in pair.fields)
        if pair.guard:
            assert pair.weight <= whole + TOLERANCE
        else:
            assert pair.weight == pytest.approx(whole, abs=TOLERANCE)
        told += 1
    assert told > 500


def test_a_pair_is_found_from_either_side(evidence: Evidence) -> None:
    row = first_night().pairs.to_pylist()[0]
    one, other = (row["source_l"], row["record_id_l"]), (row["source_r"], row["record_id_r"])
    assert evidence.between(one, other) == evidence.between(other, one) is not None
    assert evidence.between(one, ("nowhere", "1")) is None


def test_rare_names_say_more_than_common_ones(evidence: Evidence) -> None:
    rarities = set()
    for person in first_night().clusters["person_id"].to_pylist()[:400]:
        for pair in evidence.of_person(str(person)):
            rarities |= {round(f.rarity, 3) for f in pair.fields if f.name == "surname" and f.level == "same"}
    assert len(rarities) > 5


def test_the_queue_holds_every_pair_that_was_not_joined_nearest_first(
    evidence: Evidence
) -> None:  # fmt: skip
    queues = {guard: evidence.doubtful(guard, 10_000) for guard in evidence.guards()}
    assert sum(map(len, queues.values())) == first_night().report["pairs_for_review"]
    for guard, queue in queues.items():
        assert {pair.guard for pair in queue} == {guard}
        assert [pair.weight for pair in queue] == sorted((pair.weight for pair in queue), reverse=True)
        assert all(pair.weight >= REVIEW_FLOOR or guard for pair in queue)
        assert evidence.doubtful(guard, 3, 2) == queue[2:5]


def test_two_people_somebody_has_decided_about_are_doubtful_no_more(tmp_path: Path) -> None:
    found = first_night().evidence
    assert found is not None
    keep_evidence(tmp_path, found, by_record(first_night().clusters))
    kept = Evidence(tmp_path)
    queue = kept.doubtful("twins", 10_000)
    people = queue[0].person_left, queue[0].person_right
    write_settled(tmp_path, [people[::-1]])
    assert kept.doubtful("twins", 10_000) == [one for one in queue if {one.person_left, one.person_right} != {*people}]
    assert len(kept.of_person(people[0])) >= 1, "it is still told why they are two"
    with closing(sqlite3.connect(tmp_path / FILE)) as db:
        db.execute("DROP TABLE settled")
        db.commit()
    assert kept.doubtful("twins", 10_000) == queue, "a build of an earlier program can still be read"


def test_a_person_of_many_records_and_one_whose_records_hardly_agree_are_looked_at() -> None:
    labels = np.array([0] * 25 + [25] * 3 + [28] * 3 + [31] * 3)
    pairs = np.array([[25, 26], [26, 27], [28, 29], [29, 30], [31, 32], [32, 33]])
    names = {0: "many", 25: "loose", 28: "firm", 31: "half"}
    found = alarms(labels, pairs, np.array([1.0, 2.0, 12.0, 15.0, 2.0, 20.0]), names)
    assert found == [Alarm("many", "large", 25.0), Alarm("loose", "loose", 1.5), Alarm("half", "perhaps", 11.0)]


def test_the_evidence_holds_no_name_and_no_date(
    tmp_path: Path
) -> None:  # fmt: skip
    """Names stay in the graphs of the classes that may see them. A record id is a key, and may be a number."""
    found = first_night().evidence
    assert found is not None
    keep_evidence(tmp_path, found, by_record(first_night().clusters))
    content = (tmp_path / "evidence.sqlite").read_bytes()
    people = tables()[0]
    for column in ("forename", "surname"):
        values = {str(value) for value in people[column].to_pylist() if value and len(str(value)) > 5}
        assert len(values) > 20
        assert not [value for value in values if value.encode() in content], column


def test_what_two_sources_must_share_is_told_from_either_side(evidence: Evidence) -> None:
    assert evidence.must_share("lcs", "mosaic") == "a Liquidlogic id, or name and date of birth"
    assert evidence.must_share("mosaic", "lcs") == evidence.must_share("lcs", "mosaic")
    assert evidence.must_share("lcs", "nowhere") == ""
