"""Who says what a person is called, when they were born and of which sex, and where a record says it otherwise."""

from datetime import date
from typing import Any

import pytest

from tests.present_rows import SOURCES, tommy
from web.present.identity import identities


def record(**values: Any) -> dict[str, Any]:
    plain = {"person_id": "t", "source": "mosaic", "forename": "Tommy", "surname": "Williams", "sex": "M",
             "dob": date(2012, 5, 12), "updated_on": date(2026, 9, 14)}  # fmt: skip
    return {**plain, **values}


@pytest.mark.parametrize(("other", "said"), [
    ({}, ""),
    ({"surname": "WILLIAMS"}, ""),
    ({"forename": "Thomas"}, "as Thomas Williams"),
    ({"dob": date(2012, 12, 5)}, "born 5 December 2012"),
    ({"dob": date(2012, 1, 1), "dob_estimated": True}, "born about 1 January 2012"),
    ({"dob": None}, "no date of birth"),
    ({"sex": "F"}, "female"),
    ({"sex": "U"}, ""),
    ({"forename": "Tom", "dob": None, "sex": "F"}, "as Tom Williams, no date of birth, female"),
])  # fmt: skip
def test_a_record_is_named_and_what_it_says_otherwise_is_said(other: dict[str, Any], said: str) -> None:
    (told,) = identities([record(**other)], {"t": tommy()}, SOURCES)["t"]
    assert told.differs == said
    assert told.provenance.updated == "14 September 2026"


def test_records_of_one_source_that_say_the_same_are_one_and_strangers_are_left_alone() -> None:
    rows = [record(), record(), record(forename="Thomas"), record(source="lcs"), record(person_id="somebody else")]
    found = identities(rows, {"t": tommy()}, SOURCES)
    assert [(one.provenance.title, one.differs) for one in found.pop("t")] == [
        ("Mosaic", ""), ("Mosaic", "as Thomas Williams"), ("LCS", ""),
    ]  # fmt: skip
    assert found == {}
