"""The measures that `make bench-linkage` prints, on clusters whose figures can be counted by hand."""

import pytest

from tests.bench.linkage_peers import by_pairs, by_record, page

TRUTH = {"a": "1", "b": "1", "c": "1", "d": "2"}


def test_what_is_right_scores_one() -> None:
    assert (by_pairs(TRUTH, TRUTH).f1, by_record(TRUTH, TRUTH).f1) == (1, 1)


def test_pairs_and_records_are_counted() -> None:
    found = {"a": "x", "b": "x", "c": "y", "d": "y"}
    pairs, records = by_pairs(found, TRUTH), by_record(found, TRUTH)
    assert (pairs.precision, pairs.recall) == (1 / 2, 1 / 3)
    assert records.precision == pytest.approx((1 + 1 + 1 / 2 + 1 / 2) / 4)
    assert records.recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)


def test_nothing_joined_is_nothing_found() -> None:
    alone = {record: record for record in TRUTH}
    assert by_pairs(alone, TRUTH).recall == 0
    assert by_record(alone, TRUTH).precision == 1


def test_the_page_holds_every_line() -> None:
    assert "| one |\n| two |" in page(["| one |", "| two |"])
