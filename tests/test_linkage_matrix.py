"""The matching matrix: a pair that meets its cell is scored, and one that meets less never is."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph.errors import DataRefused
from loaders.linkage.candidates import find_candidates
from loaders.linkage.matrix import Matrix, read_matrix
from loaders.linkage.prepare import prepare
from loaders.linkage.score import scorer
from tests.test_linkage import tables

MATRIX = (
    ("mosaic", "lcs", "L"),
    ("mosaic", "lcs", "N+D"),
    ("mosaic", "school_census", "N+D"),
    ("school_census", "lcs", "U"),
    ("ehm", "lcs", "L"),
    ("ehm", "mosaic", "L"),
    ("capita", "lcs", "U"),
    ("capita", "mosaic", "N+D"),
    ("capita", "ehm", "U"),
    ("iyss", "lcs", "U"),
    ("iyss", "lcs", "N+D+A"),
    ("iyss", "mosaic", "N+D"),
    ("iyss", "ehm", "U"),
    ("iyss", "ehm", "N+D+A"),
    ("iyss", "capita", "U"),
    ("iyss", "capita", "N+D+A"),
    ("nhs", "lcs", "H"),
    ("nhs", "mosaic", "N+D+A"),
    ("nhs", "ehm", "H"),
    ("nhs", "capita", "N+D+A"),
    ("nhs", "iyss", "N+D+A"),
    ("school_census", "ehm", "U"),
    ("school_census", "capita", "U"),
    ("school_census", "iyss", "U"),
    ("school_census", "iyss", "N+D+A"),
    ("school_census", "nhs", "N+D+A"),
    ("police", "mosaic", "N+D+A"),
    ("las", "lcs", "N+D"),
    ("etaf", "lcs", "L"),
    ("cypd", "capita", "N+D+A"),
    ("lcs", "lcs", "N+D+A"),
    ("housing", "mosaic", "N+D+A"),
    ("housing", "nhs", "H"),
)
_GIVES: Mapping[str, Mapping[str, Any]] = {
    "L": {"llid": "550001"},
    "U": {"upn": "A000000000001"},
    "H": {"nhs_number": "9990000050"},
    "N": {"forename": "Ambrose", "surname": "Tillotson"},
    "D": {"dob": date(2011, 6, 14)},
    "A": {"address": "2 Hope Street, Fallow; AA9 9ZZ"},
}
_OTHERWISE = {
    "forename": ("Ambrose", "Winston"),
    "surname": ("Tillotson", "Farquhar"),
    "dob": (date(2011, 6, 14), date(2001, 2, 3)),
}


def met(one: str, other: str, letters: Iterable[str], matrix: Matrix | None = None) -> bool:
    """Whether a pair that agrees on just these letters is scored."""
    rows: list[dict[str, Any]] = [{"source": one, "record_id": "a"}, {"source": other, "record_id": "b"}]
    for number, row in enumerate(rows):
        for name, values in _OTHERWISE.items():
            row[name] = values[number]
        for letter in letters:
            row.update(_GIVES[letter])
    with scorer(prepare(*tables(rows))) as asked:
        find_candidates(asked.db, matrix or read_matrix(), ())
        return asked.db.execute("SELECT count(*) FROM met").fetchone() == (1,)


@pytest.mark.parametrize(("one", "other", "way"), MATRIX)
def test_a_cell_lets_a_pair_be_scored_and_less_does_not(one: str, other: str, way: str) -> None:
    letters = way.split("+")
    assert met(one, other, letters)
    assert not any(met(one, other, [letter for letter in letters if letter != less]) for less in letters)


def test_a_pair_of_census_and_lcs_is_never_met_by_name_and_date_alone() -> None:
    assert not met("school_census", "lcs", "NDA")


@pytest.mark.parametrize("way", ["N", "D", "A", "DA"])
def test_pairs_no_cell_names_ask_for_name_and_date_and_address(way: str) -> None:
    assert not met("housing", "mosaic", way)


@pytest.mark.parametrize(
    ("way", "enough"), [("ND", True), ("NA", True), ("H", True), ("N", False), ("D", False), ("DA", False)]
)
def test_lists_from_elsewhere_ask_for_a_name_and_something_beside_it(way: str, enough: bool) -> None:
    assert met("theirs", "ours", way, read_matrix().for_lists()) is enough


def test_dwp_stays_with_the_address_until_its_gate_is_opened() -> None:
    assert read_matrix().ways("dwp", "police") == read_matrix().ways("dwp", "mosaic") == frozenset()
    assert not met("dwp", "mosaic", "NDAH")


def test_a_council_may_change_the_matrix_and_a_mistake_in_it_is_named(tmp_path: Path) -> None:
    mine = tmp_path / "matrix.toml"
    mine.write_text('unlisted = ["N+D"]\nany_list = ["I"]\ncell = []\n', encoding="utf-8")
    assert met("mosaic", "lcs", "ND", read_matrix(mine))
    mine.write_text('unlisted = ["Q"]\nany_list = ["I"]\ncell = []\n', encoding="utf-8")
    with pytest.raises(DataRefused, match="Q"):
        read_matrix(mine)
