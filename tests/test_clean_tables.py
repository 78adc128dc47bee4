"""The YAML tables of loaders/clean: every one is sound as it stands, and a bad entry is refused by name."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from graph.errors import UsageError
from loaders.clean import dates, homes, names, organisations, placeholders, wordlists

FOLDER = Path(wordlists.__file__).parent
BUILDERS: dict[str, Callable[[Any], object]] = {
    "addresses": homes.build,
    "dates": dates.build,
    "organisations": organisations.build,
    "names": lambda table: (names.sexes_of(table), names.separators_of(table)),
}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_table_is_read_by_a_module(path: Path) -> None:
    assert wordlists.read(path.stem)
    readers = [module for module in FOLDER.glob("*.py") if f'wordlists.read("{path.stem}")' in module.read_text()]
    assert readers or path.stem == "nicknames", "linkage reads the nicknames"


@pytest.mark.parametrize("name", BUILDERS)
def test_every_table_builds(name: str) -> None:
    assert BUILDERS[name](wordlists.read(name))


@pytest.mark.parametrize(
    ("name", "key", "value", "says"),
    [
        ("dates", "forms", ["yyyy-mm"], "'yyyy-mm' must hold yyyy, dd, and mm or mon"),
        ("dates", "forms", ["yyyy-mm-dd-dd"], "once each"),
        ("dates", "forms", "yyyy-mm-dd", "must be a list"),
        ("dates", "months", {"jan": 13}, "jan must be a number from 1 to 12"),
        ("dates", "months", {1: 1}, "the name 1 is not a text"),
        ("dates", "earliest", "1900-02-30", "'1900-02-30' is no day"),
        ("names", "sexes", {"Q": ["q"]}, "'Q' is none of M, F, U"),
        ("names", "sexes", {"M": ["x"], "F": ["X"]}, "'X' stands under M already"),
        ("names", "sexes", {"M": [1]}, "entry 1 (1) is not a text"),
        ("names", "alias_words", [None], "entry 1 (None) is not a text"),
        ("addresses", "same_word", [["road", "rd"], ["ride", "rd"]], "'rd' stands in two groups"),
        ("addresses", "same_word", ["road"], "line 1 must be a list"),
        ("addresses", "flats", ["flat", False], "entry 2 (False) is not a text"),
        ("addresses", "ignored", ["the", "the"], "stands twice"),
        ("organisations", "kinds", [["school"]], "each is [the kind, [its words]]"),
        ("organisations", "kinds", [["school", ["academy", 6]]], "entry 2 (6) is not a text"),
        ("organisations", "kinds", None, "each is"),
    ],
)
def test_a_bad_entry_is_refused_and_named(name: str, key: str, value: object, says: str) -> None:
    table = deepcopy(dict(wordlists.read(name))) | {key: value}
    with pytest.raises(wordlists.BadTable) as refusal:
        BUILDERS[name](table)
    assert says in refusal.value.message
    assert f"{name}.yaml {key}" in refusal.value.message


@pytest.mark.parametrize(("name", "key"), [("dates", "forms"), ("addresses", "flats"), ("organisations", "kinds")])
def test_a_missing_part_is_named(name: str, key: str) -> None:
    table = {other: value for other, value in wordlists.read(name).items() if other != key}
    with pytest.raises(wordlists.BadTable, match=f"{name}.yaml has no entry '{key}'"):
        BUILDERS[name](table)


def test_a_placeholder_day_that_is_none_is_refused() -> None:
    with pytest.raises(wordlists.BadTable, match="'1900-13-01' is no day"):
        placeholders.day("1900-13-01", "placeholders.yaml days")


def test_an_unknown_kind_of_placeholder_is_refused() -> None:
    with pytest.raises(wordlists.BadTable, match="no entry 'shoe sizes'"):
        placeholders.exact("shoe sizes")


def test_a_bad_table_is_one_line_for_the_operator() -> None:
    assert issubclass(wordlists.BadTable, UsageError)


def test_placeholders_of_addresses_and_postcodes_are_in_capitals_whatever_the_table_says() -> None:
    for kind in ("values", "identifiers", "postcodes", "addresses", "names"):
        assert all(text == text.upper() for text in placeholders.upper(kind))
