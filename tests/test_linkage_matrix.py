"""The matching matrix: a pair that meets its cell is scored, and one that meets less never is."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from itertools import combinations, combinations_with_replacement, product
from pathlib import Path
from random import Random
from typing import Any

import pytest

from graph.errors import DataRefused
from loaders.linkage.candidates import find_candidates
from loaders.linkage.engine import hold, rows_in
from loaders.linkage.matrix import Matrix, read_matrix
from loaders.linkage.on_duckdb import on_duckdb
from loaders.linkage.prepare import prepare
from loaders.source import discover
from tests.test_linkage import tables

MAPS = """
Mosaic-LCS L or N+D; EHM-LCS L; EHM-Mosaic L; Capita-LCS U; Capita-Mosaic N+D; Capita-EHM U; IYSS-LCS U or N+D+A;
IYSS-Mosaic N+D; IYSS-EHM U or N+D+A; IYSS-Capita U or N+D+A; NHS-LCS H; NHS-Mosaic N+D+A; NHS-EHM H; NHS-Capita N+D+A;
NHS-IYSS N+D+A; Census-LCS U; Census-Mosaic N+D; Census-EHM U; Census-Capita U; Census-IYSS U or N+D+A;
Census-NHS N+D+A
"""
"""The matrix of the Wigan and Cheshire West system maps, as the maps have it."""

FAMILIES = {
    "mosaic": "Mosaic", "las": "Mosaic", "lcs": "LCS", "ehm": "EHM", "etaf": "EHM", "capita": "Capita",
    "cypd": "Capita", "school_census": "Census", "ebiu": "Census", "iyss": "IYSS", "nhs": "NHS",
}  # fmt: skip
"""Our sources by the name the maps use; a source not here is in no map."""

UNLISTED = ("L", "U", "H", "I", "N+D+A")


def cells() -> dict[frozenset[str], tuple[str, ...]]:
    parts = [part.strip().partition(" ") for part in MAPS.replace("\n", " ").split(";")]
    return {frozenset(pair.split("-")): tuple(ways.split(" or ")) for pair, _, ways in parts}


def expected(one: str, other: str) -> tuple[str, ...]:
    """The ways by which a pair of two sources may be scored, read from the maps and the rules beside them."""
    if one != other and "dwp" in (one, other):
        return ()
    if one != other and "police" in (one, other):
        return ("N+D+A",)
    if one == other:
        return UNLISTED
    return cells().get(frozenset((FAMILIES.get(one, one), FAMILIES.get(other, other))), UNLISTED)


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
    with on_duckdb() as engine:
        hold(engine, prepare(*tables(rows)))
        find_candidates(engine, matrix or read_matrix(), ())
        return rows_in(engine, "met") == 1


def word(dice: Random) -> str:
    return "".join(dice.choice("bcdfghklmnprstvw") + dice.choice("aeiou") for _ in range(6))


def postcode(dice: Random) -> str:
    return (
        "".join(dice.choice("BCDFGHJKLM") for _ in "ab")
        + f"{dice.randint(1, 99)} {dice.randint(1, 9)}"
        + ("".join(dice.choice("BDFGHJLNPQ") for _ in "ab"))
    )


def one_case(number: int, pair: tuple[str, str], letters: frozenset[str]) -> list[dict[str, Any]]:
    """Two records that agree on just these letters, and on nothing with any other pair."""
    dice = Random(number)

    def said(letter: str, make: Callable[[], Any]) -> tuple[Any, Any]:
        first = make()
        return first, first if letter in letters else make()

    forenames, surnames = said("N", lambda: word(dice)), said("N", lambda: word(dice))
    births = said("D", lambda: date(dice.randint(1930, 2020), dice.randint(1, 12), dice.randint(2, 28)))
    places = said("A", lambda: f"{dice.randint(1, 99)} {word(dice)} {word(dice)}; {postcode(dice)}")
    numbers = [said(letter, lambda: str(dice.randrange(10**11))) for letter in "LUHI"]
    return [
        {"source": source, "record_id": f"{number}{'ab'[end]}", "forename": forenames[end], "surname": surnames[end],
         "dob": births[end], "address": places[end], "llid": numbers[0][end], "upn": numbers[1][end],
         "nhs_number": numbers[2][end], "uln": numbers[3][end]}
        for end, source in enumerate(pair)
    ]  # fmt: skip


def test_every_pair_of_sources_is_scored_by_what_its_cell_asks_and_never_by_less() -> None:
    """A source of every kind, paired with every other, and every set of things two records may agree on: one run."""
    sources = sorted({*FAMILIES, "police", "dwp", "housing"})
    every = [frozenset(some) for size in range(8) for some in combinations("LUHINDA", size)]
    cases = list(product(combinations_with_replacement(sources, 2), every))
    rows = [row for number, (pair, letters) in enumerate(cases) for row in one_case(number, pair, letters)]
    with on_duckdb() as engine:
        hold(engine, prepare(*tables(rows)))
        find_candidates(engine, read_matrix(), ())
        found = engine.read(
            "SELECT l.record_id AS one, r.record_id AS other"
            " FROM met JOIN features l ON l.uid = uid_l JOIN features r ON r.uid = uid_r"
        ).to_pylist()
    scored = {int(pair["one"][:-1]) for pair in found if pair["one"][:-1] == pair["other"][:-1]}
    should = {
        number
        for number, ((one, other), letters) in enumerate(cases)
        if any(frozenset(way.split("+")) <= letters for way in expected(one, other))
    }
    wrong = [(cases[number][0], "".join(sorted(cases[number][1]))) for number in scored ^ should]
    assert not wrong, wrong[:20]
    assert len(scored) > 1000


def test_every_pair_of_the_sources_we_ship_stands_under_its_cell() -> None:
    flags = {"L": "llid", "U": "upn", "H": "nhs", "I": "id", "N+D": "name_dob", "N+D+A": "name_dob_address"}
    matrix = read_matrix()
    for one, other in combinations_with_replacement(sorted(discover()), 2):
        ways = expected(one, other)
        wanted = {"id", "name_dob_address"} if ways == UNLISTED else {flags[way] for way in ways}
        assert matrix.ways(one, other) == matrix.ways(other, one) == wanted, (one, other)


@pytest.mark.parametrize("system", ["las", "etaf", "cypd", "ebiu"])
def test_the_systems_of_cheshire_west_follow_the_cells_of_their_counterparts(system: str) -> None:
    counterpart = {"las": "mosaic", "etaf": "ehm", "cypd": "capita", "ebiu": "school_census"}[system]
    matrix = read_matrix()
    assert matrix.ways(system, "lcs") == matrix.ways(counterpart, "lcs") != matrix.unlisted


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
