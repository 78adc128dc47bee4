"""Two records that only a record for few would join are two people; what it would have joined is left to the desk."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from loaders.linkage import link
from loaders.linkage.bridges import without_bridges
from tests.test_linkage import partition, persons, strangers, tables

A, B, HIDDEN, OTHER = range(4)


def apart(
    pairs: dict[tuple[int, int], float], closed: set[int], together: tuple[tuple[int, int], ...] = (), size: int = 3
) -> list[int]:
    """The clusters after all of them had been one."""
    numbers = np.array(list(pairs), dtype=np.int64).reshape(-1, 2)
    said = np.array(together, dtype=np.int64).reshape(-1, 2)
    flags = np.array([one in closed for one in range(size)])
    labels = np.zeros(size, dtype=np.int64)
    return [int(label) for label in without_bridges(labels, numbers, np.array(list(pairs.values())), flags, said)]


def test_a_hidden_record_holds_nobody_together_and_stays_with_whom_it_agrees_most() -> None:
    assert apart({(A, HIDDEN): 9.0, (B, HIDDEN): 12.0}, {HIDDEN}) == [0, 1, 1]
    assert apart({(A, HIDDEN): 12.0, (B, HIDDEN): 9.0}, {HIDDEN}) == [0, 1, 0]


@pytest.mark.parametrize("closed", [set(), {A, B, HIDDEN}, {A, HIDDEN}])
def test_without_two_open_records_or_a_closed_one_nothing_changes(closed: set[int]) -> None:
    assert apart({(A, HIDDEN): 9.0, (B, HIDDEN): 12.0}, closed) == [0, 0, 0]


def test_what_everybody_may_see_joins() -> None:
    assert apart({(A, HIDDEN): 9.0, (B, HIDDEN): 12.0, (A, B): 0.5}, {HIDDEN}) == [0, 0, 0]
    assert apart({(A, HIDDEN): 9.0, (B, HIDDEN): 12.0, (A, B): -0.5}, {HIDDEN}) == [0, 1, 1], "nothing speaks for it"
    chain = {(A, OTHER): 5.0, (B, OTHER): 6.0, (A, HIDDEN): 9.0}
    assert apart(chain, {HIDDEN}, size=4) == [0, 0, 0, 0], "through another that everybody may see"


@pytest.mark.parametrize("together", [((A, B),), ((A, HIDDEN), (B, HIDDEN))])
def test_a_source_or_a_person_may_join_them(together: tuple[tuple[int, int], ...]) -> None:
    assert apart({(A, HIDDEN): 9.0, (B, HIDDEN): 12.0}, {HIDDEN}, together) == [0, 0, 0]


def test_two_hidden_records_are_no_bridge_either_and_stay_together() -> None:
    pairs = {(A, HIDDEN): 9.0, (B, OTHER): 8.0, (HIDDEN, OTHER): 12.0}
    assert apart(pairs, {HIDDEN, OTHER}, size=4) == [0, 1, 0, 0]


def test_other_people_are_left_alone() -> None:
    pairs = np.array([[0, 2], [1, 2], [3, 4]])
    labels = np.array([0, 0, 0, 3, 3])
    closed = np.array([False, False, True, False, True])
    found = without_bridges(labels, pairs, np.array([9.0, 12.0, 7.0]), closed, np.empty((0, 2), dtype=np.int64))
    assert found.tolist() == [0, 1, 1, 3, 3]


def test_a_refresh_does_not_join_through_a_probation_record() -> None:
    """A census record with a pupil number, a Mosaic record with an NHS number, and a record for few that has both."""
    name: dict[str, Any] = {"forename": "Wilfred", "surname": "Osgoodby"}
    rows = [
        {"source": "mosaic", "record_id": "1", "nhs_number": "9990000018", "dob": date(2012, 5, 6), **name},
        {"source": "school_census", "record_id": "2", "upn": "K000200416001", **name},
        {"source": "marac", "record_id": "3", "nhs_number": "9990000018", "upn": "K000200416001",
         "dob": date(2012, 5, 6), **name},
    ]  # fmt: skip
    one, two, few = ("mosaic", "1"), ("school_census", "2"), ("marac", "3")
    records = [*strangers(400), *rows]
    assert frozenset((one, two, few)) in partition(link(*tables(records)))
    parted = persons(link(*tables(records), closed={"marac"}))
    assert parted[one] != parted[two]
    assert parted[few] in (parted[one], parted[two])
    decided = persons(link(*tables(records), closed={"marac"}, must_link=[(one, two)]))
    assert decided[one] == decided[two] == decided[few]
