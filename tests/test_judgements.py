"""What people decide about records: written down for ever, the latest word counts, and linking obeys it."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from graph.errors import UsageError
from graph.judgements import FILE, Judgement, Judgements, Key, Verdict, links
from loaders.linkage import Linked, link
from tests.linked_council import first_night, tables

A, B, C = ("mosaic", "1"), ("lcs", "2"), ("nhs", "3")
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
WHY = "the photographs on both files"


@pytest.fixture
def desk(tmp_path: Path) -> Judgements:
    return Judgements(tmp_path)


def test_a_decision_says_who_when_and_why_whichever_record_is_named_first(desk: Judgements) -> None:
    made = desk.decide(A, B, Verdict.SAME, "sam", f"  {WHY}\n")
    assert (made.left, made.right, made.by, made.reason) == (B, A, "sam", WHY)
    assert made.at.tzinfo is not None
    assert desk.of_pair(B, A) == desk.of_pair(A, B) == [made]
    assert desk.of_pair(A, C) == []


def test_looking_finds_what_is_asked_for_and_makes_no_file(desk: Judgements, tmp_path: Path) -> None:
    assert desk.numbered(1) is None
    assert (desk.of_pair(A, B), desk.since(LONG_AGO)) == ([], [])
    assert not (tmp_path / FILE).exists()
    made = [desk.decide(A, B, Verdict.SAME, "sam", WHY), desk.decide(B, C, Verdict.UNSURE, "kim", WHY)]
    undone = desk.undo(made[0].number, "kim", WHY)
    assert desk.of_pair(A, B) == [undone] == [desk.numbered(made[0].number)]
    assert desk.of_pair(C, B) == [made[1]]


def test_what_was_said_since_a_moment_and_what_is_in_force_on_it(desk: Judgements) -> None:
    """A decision of before comes back into force when a later one is undone: that, too, was said since."""
    with time_machine.travel(datetime(2026, 11, 1, 12, tzinfo=UTC), tick=False):
        first = desk.decide(A, B, Verdict.DIFFERENT, "sam", WHY)
        second = desk.decide(A, B, Verdict.SAME, "sam", WHY)
        desk.decide(B, C, Verdict.SAME, "sam", WHY)
    night = datetime(2026, 11, 2, tzinfo=UTC)
    assert desk.since(night) == []
    with time_machine.travel(datetime(2026, 11, 2, 9, tzinfo=UTC), tick=False):
        second = desk.undo(second.number, "kim", WHY)
        waits = desk.decide(A, C, Verdict.SAME, "kim", WHY, needs_second=True)
    assert desk.since(night) == [first], "what waits is not in force"
    assert {one.number for one in desk.since(LONG_AGO)} == {first.number, 3}
    agreed = desk.second(waits.number, "sam")
    assert desk.since(night) == [first, agreed]
    gone = desk.undo(first.number, "kim", WHY)
    assert desk.since(night)[0] in (gone, second)
    assert desk.since(night)[0].undone_by == "kim"


def test_the_latest_word_on_a_pair_counts(desk: Judgements) -> None:
    desk.decide(A, B, Verdict.SAME, "sam", WHY)
    desk.decide(A, C, Verdict.SAME, "sam", WHY)
    last = desk.decide(B, A, Verdict.DIFFERENT, "kim", "they were seen together")
    assert [one.verdict for one in desk.standing() if one.left == B] == [Verdict.DIFFERENT]
    assert links(desk.standing()) == ([(A, C)], [(B, A)])
    desk.undo(last.number, "sam", "it was the twin")
    assert links(desk.standing()) == ([(B, A), (A, C)], [])


def test_unsure_ends_an_earlier_decision_and_makes_no_link(desk: Judgements) -> None:
    desk.decide(A, B, Verdict.SAME, "sam", WHY)
    desk.decide(A, B, Verdict.UNSURE, "kim", "the file is missing")
    assert links(desk.standing()) == ([], [])


def test_a_decision_that_needs_two_people_counts_once_another_agrees(desk: Judgements) -> None:
    made = desk.decide(A, B, Verdict.SAME, "sam", WHY, needs_second=True)
    assert desk.standing() == []
    assert desk.waiting() == [made]
    with pytest.raises(UsageError, match="second person"):
        desk.second(made.number, "sam")
    agreed = desk.second(made.number, "kim")
    assert (agreed.seconded_by, agreed.counts) == ("kim", True)
    assert desk.standing() == [agreed]
    assert desk.waiting() == []
    with pytest.raises(UsageError, match="waits for nobody"):
        desk.second(made.number, "ada")


def test_while_it_waits_the_decision_before_it_stands(desk: Judgements) -> None:
    before = desk.decide(A, B, Verdict.DIFFERENT, "sam", WHY)
    desk.decide(A, B, Verdict.SAME, "sam", WHY, needs_second=True)
    assert desk.standing() == [before]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"other": A}, "two records"),
        ({"reason": " x "}, "Say why"),
        ({"reason": "x" * 501}, "longer than"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_in_words(desk: Judgements, change: dict[str, Any], said: str) -> None:
    values: dict[str, Any] = {"one": A, "other": B, "verdict": Verdict.SAME, "by": "sam", "reason": WHY, **change}
    with pytest.raises(UsageError, match=said):
        desk.decide(**values)
    assert desk.history() == []


def test_what_is_undone_stays_on_record_and_is_undone_once(desk: Judgements) -> None:
    made = desk.decide(A, B, Verdict.SAME, "sam", WHY)
    desk.undo(made.number, "kim", "wrong child")
    assert [(one.number, one.undone_by) for one in desk.history()] == [(made.number, "kim")]
    assert desk.standing() == []
    for number in (made.number, 77):
        with pytest.raises(UsageError):
            desk.undo(number, "kim", "wrong child")


def test_nothing_written_can_be_changed_or_removed(desk: Judgements, tmp_path: Path) -> None:
    """Not even by somebody with the file in hand and no more than SQL."""
    desk.decide(A, B, Verdict.SAME, "sam", WHY)
    file = tmp_path / FILE
    assert file.stat().st_mode & 0o077 == 0
    with sqlite3.connect(file) as raw:
        for statement in ("UPDATE word SET verdict = 'different'", "DELETE FROM word"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                raw.execute(statement)
    raw.close()
    assert len(desk.history()) == 1


steps = st.lists(
    st.tuples(
        st.sampled_from(["decide", "second", "undo"]),
        st.sampled_from([(A, B), (B, A), (A, C), (B, C)]),
        st.sampled_from(list(Verdict)),
        st.sampled_from(["sam", "kim"]),
        st.booleans(),
        st.integers(1, 8),
    ),
    max_size=12,
)


@given(steps)
@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_history_says_the_same_as_a_plain_list_of_it(tmp_path_factory: pytest.TempPathFactory, told: Any) -> None:
    """Against a model that keeps decisions in a list and looks through it from the end."""
    desk = Judgements(tmp_path_factory.mktemp("desk"))
    kept: dict[int, dict[str, Any]] = {}
    for kind, pair, verdict, by, needs, at in told:
        number = sorted(kept)[(at - 1) % len(kept)] if kept else 0
        try:
            if kind == "decide":
                made = desk.decide(pair[0], pair[1], verdict, by, WHY, needs_second=needs)
                kept[made.number] = {
                    "pair": frozenset(pair),
                    "verdict": verdict,
                    "by": by,
                    "waits": needs,
                    "gone": False,
                }
            elif kind == "second":
                desk.second(number, by)
                assert kept[number]["waits"]
                assert kept[number]["by"] != by
                assert not kept[number]["gone"]
                kept[number]["waits"] = False
            else:
                desk.undo(number, by, WHY)
                assert not kept[number]["gone"]
                kept[number]["gone"] = True
        except UsageError:
            continue
    wanted: dict[frozenset[Key], int] = {}
    for number in sorted(kept, reverse=True):
        if not kept[number]["waits"] and not kept[number]["gone"]:
            wanted.setdefault(kept[number]["pair"], number)
    assert {frozenset((one.left, one.right)): one.number for one in desk.standing()} == wanted


def of(linked: Linked) -> dict[Key, str]:
    return {(row["source"], row["record_id"]): row["person_id"] for row in linked.clusters.to_pylist()}


def test_linking_obeys_what_was_decided_and_a_wrong_merge_is_undone(desk: Judgements) -> None:
    """Two people told to be one are one, two records of one told apart are two, and the basis says who decided."""
    before = of(first_night())
    people: dict[str, list[Key]] = {}
    for key, person in sorted(before.items()):
        people.setdefault(person, []).append(key)
    pair = next(records for records in people.values() if len(records) == 2)
    one, other = (records[0] for records in list(people.values())[:2] if records[0] not in pair)
    desk.decide(one, other, Verdict.SAME, "sam", WHY)
    apart: Judgement = desk.decide(pair[0], pair[1], Verdict.DIFFERENT, "sam", WHY)
    must, cannot = links(desk.standing())
    after = link(*tables(), must_link=must, cannot_link=cannot, trained=first_night().trained)
    whole = {of(after)[key] for key in (*people[before[one]], *people[before[other]])}
    assert len(whole) == 1, "both people are joined as they were: no record of either stays behind"
    assert of(after)[pair[0]] != of(after)[pair[1]]
    basis = {(row["source"], row["record_id"]): row["match_basis"] for row in after.clusters.to_pylist()}
    assert "decided by a person" in (basis[one], basis[other])
    desk.undo(apart.number, "kim", "the same after all")
    must, cannot = links(desk.standing())
    again = link(*tables(), must_link=must, cannot_link=cannot, trained=first_night().trained)
    assert of(again)[pair[0]] == of(again)[pair[1]]
