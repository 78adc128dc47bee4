"""Two records side by side: what is the same, what differs and how, said in words."""

from datetime import date
from typing import Any

import pytest

from web.present.review import Line, Side, compared, side

ON = date(2026, 11, 23)
ONE: dict[str, Any] = {
    "source": "lcs",
    "record_id": "1",
    "forename": "Ann",
    "surname": "Farrow",
    "dob": date(1990, 4, 3),
}


def two(home: dict[str, str] | None = None, there: dict[str, str] | None = None, **other: Any) -> dict[str, Line]:
    """The lines of a record and of one that differs from it, by name; each with the home given."""
    sides: list[Side] = []
    for row, lived in ((ONE, home), ({**ONE, "source": "mosaic", "record_id": "2", **other}, there)):
        homes = [{"person_id": "p", "source": row["source"], **lived}] if lived else []
        sides.append(side(row, "p", False, homes, {}, ON))
    return {line.name: line for line in compared(*sides)}


@pytest.mark.parametrize(
    ("other", "name", "kind", "words"),
    [
        ({}, "name", "same", "Same"),
        ({"forename": "ANN"}, "name", "same", "Same"),
        ({"forename": "Anna"}, "name", "differs", "Differs: forename"),
        ({"forename": "Farrow", "surname": "Ann"}, "name", "differs", "Differs: forename and surname"),
        ({"dob": date(1990, 3, 4)}, "dob", "differs", "Differs: day and month are swapped"),
        ({"dob": date(1991, 4, 3)}, "dob", "differs", "Differs: only the year"),
        ({"dob": None}, "dob", "one", "Only one record has it"),
        ({}, "sex", "none", "Neither record has it"),
        ({}, "record_id", "own", "Each record has its own"),
    ],
)
def test_a_fact_is_compared_in_words(other: dict[str, Any], name: str, kind: str, words: str) -> None:
    line = two(**other)[name]
    assert (line.kind, line.words) == (kind, words)


HERE = {"text": "50 Nelson Road", "postcode": "AA6 4PE"}


@pytest.mark.parametrize(
    ("there", "words"),
    [
        (HERE, "Same"),
        ({"text": "50 NELSON ROAD"}, "Same, but for a postcode that one lacks"),
        ({"text": "50 Nelson Road", "postcode": "AA1 1AA"}, "Differs: no address in common"),
        ({"text": "5 Nelson Road"}, "Differs: no address in common"),
        (None, "Only one record has it"),
    ],
)
def test_an_address_is_the_same_where_only_a_postcode_is_missing(there: dict[str, str] | None, words: str) -> None:
    assert two(HERE, there)["address"].words == words
