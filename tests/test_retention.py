"""What is past its time is not kept: ages and ended facts to the day, people with everything told of them, and nothing
lost that protects somebody. Every rule has its negative control beside it.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loaders.check import check
from loaders.report import as_json
from loaders.report_text import as_text
from loaders.retention import Expired, retain, years_before
from loaders.source import Keep
from loaders.tables import TABLES
from tests.small_extracts import three_sources

AS_AT = date(2026, 6, 1)
Rows = dict[str, list[dict[str, Any]]]


def kept(folder: Path, rows: Rows, keep: Keep, as_at: date = AS_AT) -> tuple[Rows, Expired]:
    """The rows of a source that are kept, and what is said of the others."""
    paths = {}
    for table, content in rows.items():
        paths[table] = folder / table / "partner.parquet"
        paths[table].parent.mkdir(parents=True, exist_ok=True)
        whole = [{"source": "partner", "source_row": f"{table}.csv:{n}", **row} for n, row in enumerate(content, 2)]
        pq.write_table(pa.Table.from_pylist(whole, schema=TABLES[table].schema), paths[table], row_group_size=500)
    expired = retain(paths, keep, as_at)
    left = {table: pq.read_table(path) for table, path in paths.items()}
    for table, found in left.items():
        assert found.schema == TABLES[table].schema
        assert len(found) + expired.rows.get(table, 0) == len(rows[table])
    return {table: found.to_pylist() for table, found in left.items()}, expired


def ids(rows: Iterable[dict[str, Any]]) -> set[str]:
    return {row["record_id"] for row in rows}


def person(record_id: str, dob: date | None, **said: Any) -> dict[str, Any]:
    return {
        "record_id": record_id,
        "forename": "A",
        "surname": "B",
        "dob": dob,
        "status": "alive",
        "restricted": False,
    } | said


# --- ages to the day ----------------------------------------------------------------------------------------------

AGES = [
    # as at, keep, born, stays
    (date(2026, 6, 1), Keep(age_to=24), date(2001, 6, 1), False),  # 25 today
    (date(2026, 6, 1), Keep(age_to=24), date(2001, 6, 2), True),  # 25 tomorrow
    (date(2026, 6, 1), Keep(age_to=25), date(2001, 6, 1), True),
    (date(2026, 6, 1), Keep(age_to=25), date(2000, 6, 1), False),
    (date(2026, 6, 1), Keep(age_from=18), date(2008, 6, 1), True),  # 18 today
    (date(2026, 6, 1), Keep(age_from=18), date(2008, 6, 2), False),
    (date(2026, 6, 1), Keep(age_from=0), date(2026, 6, 1), True),  # born today
    (date(2026, 6, 1), Keep(age_from=0), date(2026, 6, 2), False),  # expected tomorrow
    (date(2026, 6, 1), Keep(age_to=0), date(2026, 6, 2), True),
    (date(2025, 2, 28), Keep(age_to=24), date(2000, 2, 29), True),  # a birthday that this year does not have
    (date(2025, 3, 1), Keep(age_to=24), date(2000, 2, 29), False),
    (date(2025, 2, 28), Keep(age_from=25), date(2000, 2, 29), False),
    (date(2025, 3, 1), Keep(age_from=25), date(2000, 2, 29), True),
    (date(2028, 2, 29), Keep(age_to=24), date(2003, 2, 28), False),  # an extract of a day that year does not have
    (date(2028, 2, 29), Keep(age_to=24), date(2003, 3, 1), True),
    (date(2026, 6, 1), Keep(age_from=0, age_to=25), None, True),  # of unknown age
]


@pytest.mark.parametrize(("as_at", "keep", "born", "stays"), AGES)
def test_ages_are_completed_years_on_the_day_of_the_extract(
    tmp_path: Path, as_at: date, keep: Keep, born: date | None, stays: bool
) -> None:
    found, expired = kept(tmp_path, {"person": [person("1", born)]}, keep, as_at)
    assert bool(found["person"]) == stays
    assert expired.rows == ({} if stays else {"person": 1})


@pytest.mark.parametrize(("keep", "stays"), [(Keep(age_from=0), False), (Keep(age_to=25), True), (Keep(), True)])
def test_an_unborn_child_is_younger_than_nought_whatever_day_is_expected(
    tmp_path: Path, keep: Keep, stays: bool
) -> None:
    rows = {"person": [person("1", None, status="unborn"), person("2", date(2026, 5, 1), status="unborn")]}
    assert bool(kept(tmp_path, rows, keep)[0]["person"]) == stays


def age(born: date, day: date) -> int:
    """Completed years, counted the plain way."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


days = st.dates(date(1990, 1, 1), date(2030, 12, 31))
leap_days = st.sampled_from([date(year, 2, day) for year in (1996, 2000, 2004, 2024, 2028) for day in (28, 29)])


@given(
    st.lists(days | leap_days, min_size=1, max_size=8),
    days | leap_days,
    st.none() | st.integers(0, 30),
    st.none() | st.integers(0, 30),
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_ages_agree_with_counting_birthdays(
    tmp_path: Path, born: list[date], as_at: date, age_from: int | None, age_to: int | None
) -> None:
    near = [*born, *(years_before(as_at, years) + timedelta(days=shift) for years in (18, 25) for shift in (-1, 0, 1))]
    people = [person(str(n), day) for n, day in enumerate(near)]
    found, _ = kept(tmp_path, {"person": people}, Keep(age_from=age_from, age_to=age_to), as_at)
    least, most = -99 if age_from is None else age_from, 999 if age_to is None else age_to
    assert ids(found["person"]) == {str(n) for n, day in enumerate(near) if least <= age(day, as_at) <= most}


# --- ended facts to the day ---------------------------------------------------------------------------------------

ENDINGS: dict[str, tuple[dict[str, Any], str]] = {
    "relationship": ({"from_record": "1", "to_record": "2", "code": "PARENT"}, "end"),
    "address": ({"record_id": "1", "text": "1 Elm Row"}, "end"),
    "involvement": ({"record_id": "1", "service_id": "csc"}, "end"),
    "plan": ({"record_id": "1", "service_id": "csc"}, "end"),
    "event": ({"record_id": "1", "service_id": "csc"}, "until"),
    "place_fact": ({"text": "1 Elm Row", "service_id": "benefits"}, "until"),
}


@pytest.mark.parametrize("table", ENDINGS)
@pytest.mark.parametrize(
    ("as_at", "years", "ended", "stays"),
    [
        (date(2026, 6, 1), 7, date(2019, 6, 1), True),  # exactly seven years ago
        (date(2026, 6, 1), 7, date(2019, 5, 31), False),
        (date(2026, 6, 1), 7, date(2027, 1, 1), True),
        (date(2026, 6, 1), 7, None, True),  # not ended
        (date(2028, 2, 29), 1, date(2027, 2, 28), True),
        (date(2028, 2, 29), 1, date(2027, 2, 27), False),
        (date(2026, 6, 1), 0, date(2026, 5, 31), False),
        (date(2026, 6, 1), None, date(1950, 1, 1), True),  # no limit
    ],
)
def test_a_fact_is_kept_until_it_ended_more_than_so_many_years_ago(
    tmp_path: Path, table: str, as_at: date, years: int | None, ended: date | None, stays: bool
) -> None:
    said, column = ENDINGS[table]
    rows: Rows = {"person": [person("1", None), person("2", None)], table: [said | {column: ended}]}
    found, expired = kept(tmp_path, rows, Keep(ended_years=years), as_at)
    assert bool(found[table]) == stays
    assert len(found["person"]) == 2
    assert expired.rows == ({} if stays else {table: 1})


def test_an_event_of_one_day_ended_that_day_and_a_fact_of_a_place_lasts_until_it_is_said_to_end(tmp_path: Path) -> None:
    long_ago = date(2000, 1, 1)
    rows: Rows = {"event": [{"record_id": "1", "on": long_ago}], "place_fact": [{"on": long_ago}]}
    found, _ = kept(tmp_path, rows, Keep(ended_years=7))
    assert (len(found["event"]), len(found["place_fact"])) == (0, 1)


@pytest.mark.parametrize(
    ("kind", "until", "stays"),
    [
        ("housing benefit", None, True),
        ("anti-social behaviour", None, True),
        ("not in education", None, True),
        ("housing benefit", date(2010, 1, 1), False),
        ("suspension", None, False),
    ],
)
def test_a_claim_or_a_case_that_has_not_ended_stays_however_long_ago_it_began(
    tmp_path: Path, kind: str, until: date | None, stays: bool
) -> None:
    rows: Rows = {"event": [{"record_id": "1", "kind": kind, "on": date(2000, 1, 1), "until": until}]}
    found, _ = kept(tmp_path, rows, Keep(ended_years=7))
    assert bool(found["event"]) == stays


# --- a person goes with everything --------------------------------------------------------------------------------

OLD, YOUNG = date(1980, 1, 1), date(2015, 1, 1)
LIMIT = Keep(age_from=0, age_to=25)


def about(one: str, other: str) -> Rows:
    """A row of every kind about a person, and their relationship to another."""
    return {
        "address": [{"record_id": one, "text": "1 Elm Row"}],
        "relationship": [{"from_record": other, "to_record": one, "code": "SIBLING"}],
        "involvement": [{"record_id": one, "service_id": "school", "worker_id": f"w{one}", "organisation": f"o{one}"}],
        "plan": [{"record_id": one, "service_id": "send"}],
        "event": [{"record_id": one, "service_id": "school", "on": date(2026, 5, 1)}],
    }


def of_both(first: Rows, second: Rows) -> Rows:
    return {table: first[table] + second[table] for table in first}


def test_a_person_past_the_age_takes_everything_of_theirs_along_and_nothing_else(tmp_path: Path) -> None:
    rows = {
        "person": [person("old", OLD), person("young", YOUNG), person("young2", YOUNG)],
        **of_both(about("old", "young"), about("young", "young2")),
        "practitioner": [
            {"worker_id": "wold", "name": "Kim", "organisation": "of wold"},
            {"worker_id": "wyoung", "name": "Lee", "organisation": "of wyoung"},
            {"worker_id": "wnobody", "name": "Ray"},
        ],
        "organisation": [
            {"organisation_id": name, "name": name} for name in ("oold", "oyoung", "of wold", "of wyoung")
        ],
    }
    found, expired = kept(tmp_path, rows, LIMIT)
    assert ids(found["person"]) == {"young", "young2"}
    assert {row["to_record"] for row in found["relationship"]} == {"young"}
    for table in ("address", "involvement", "plan", "event"):
        assert ids(found[table]) == {"young"}, table
    assert {row["worker_id"] for row in found["practitioner"]} == {"wyoung", "wnobody"}
    assert {row["name"] for row in found["organisation"]} == {"oyoung", "of wyoung"}
    assert expired.rows == dict.fromkeys(("person", "relationship", "address", "involvement", "plan", "event"), 1) | {
        "practitioner": 1, "organisation": 2,
    }  # fmt: skip


def test_workers_and_schools_whom_only_ended_facts_name_go_with_them(tmp_path: Path) -> None:
    ended = {"record_id": "1", "service_id": "school", "end": date(2001, 1, 1)}
    rows = {
        "person": [person("1", YOUNG)],
        "involvement": [ended | {"worker_id": "w1", "organisation": "Old School"}],
        "practitioner": [{"worker_id": "w1", "name": "Kim"}],
        "organisation": [{"organisation_id": "o", "name": "Old School"}],
    }
    found, expired = kept(tmp_path, rows, Keep(ended_years=7))
    assert [len(found[table]) for table in rows] == [1, 0, 0, 0]
    assert expired.rows == {"involvement": 1, "practitioner": 1, "organisation": 1}


def test_carers_stay_as_long_as_somebody_they_are_there_for(tmp_path: Path) -> None:
    """A mother of two, a father of the one who has aged out, his own partner, and a stub who is nobody's."""
    carer = {"is_client": False}
    rows = {
        "person": [
            person("grown", OLD), person("child", YOUNG),
            person("mother", OLD, **carer), person("father", OLD, **carer), person("partner", OLD, **carer),
            person("alone", OLD, **carer), {"record_id": "stub", "status": "alive", "restricted": False},
        ],
        "relationship": [
            {"from_record": one, "to_record": other, "code": "PARENT"}
            for one, other in (
                ("mother", "grown"), ("mother", "child"), ("father", "grown"), ("partner", "father"), ("stub", "grown"),
            )
        ],
    }  # fmt: skip
    found, _ = kept(tmp_path, rows, LIMIT)
    assert ids(found["person"]) == {"child", "mother", "alone"}
    assert [(row["from_record"], row["to_record"]) for row in found["relationship"]] == [("mother", "child")]


def test_rows_keep_their_order_and_the_same_rows_are_the_same_bytes(tmp_path: Path) -> None:
    ends = [None, date(2001, 1, 1), None, date(2025, 1, 1)]
    rows: Rows = {
        "person": [person("1", None)],
        "event": [{"record_id": "1", "row_id": str(n), "until": ends[n % 4], "on": None} for n in range(60_000)],
    }
    found, _ = kept(tmp_path / "one", rows, Keep(ended_years=7))
    assert [int(row["row_id"]) for row in found["event"]] == [n for n in range(60_000) if n % 4 != 1]
    kept(tmp_path / "two", rows, Keep(ended_years=7))
    one, two = (tmp_path / which / "event" / "partner.parquet" for which in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


# --- what protects is never lost ----------------------------------------------------------------------------------


def test_a_restricted_person_who_ages_out_is_handed_on(tmp_path: Path) -> None:
    rows = {"person": [person("old", OLD, restricted=True, restriction_kind="Secure"), person("other", OLD)]}
    found, expired = kept(tmp_path, rows, LIMIT)
    assert found["person"] == []
    assert [(row["record_id"], row["restriction_kind"]) for row in expired.restricted.to_pylist()] == [
        ("old", "Secure")
    ]


@pytest.mark.parametrize(
    ("until", "stays"), [(None, True), (AS_AT, True), (AS_AT - timedelta(days=1), False)], ids=["open", "today", "over"]
)
def test_an_exclusion_outlives_its_person_s_age_while_it_holds(tmp_path: Path, until: date | None, stays: bool) -> None:
    rows = {"person": [person("old", OLD)], "exclusion": [{"record_id": "old", "viewer": "kim", "until": until}]}
    found, _ = kept(tmp_path, rows | about("old", "x"), LIMIT)
    assert bool(found["exclusion"]) == bool(found["person"]) == stays
    assert found["event"] == found["plan"] == found["involvement"] == found["address"] == []


def test_a_hidden_address_stays_hidden_however_long_ago_it_ended(tmp_path: Path) -> None:
    ended = {"record_id": "old", "text": "1 Elm Row", "end": date(1999, 1, 1)}
    rows = {"person": [person("old", OLD)], "address": [ended | {"hidden": True}, ended | {"hidden": False}, ended]}
    found, _ = kept(tmp_path, rows, Keep(age_to=25, ended_years=7))
    assert (len(found["person"]), [row["hidden"] for row in found["address"]]) == (1, [True])


# --- in a check ---------------------------------------------------------------------------------------------------


def test_a_check_says_what_has_expired_and_still_adds_up(tmp_path: Path) -> None:
    extracts = three_sources(tmp_path / "extracts")
    path = extracts / "school_census" / "pupilonroll.csv"
    before = check(extracts, tmp_path / "before")
    text = path.read_text("utf-8")
    born = next(line.split(",") for line in text.splitlines()[1:])
    header = text.splitlines()[0].split(",")
    path.write_text(text.replace(born[header.index("dob")], "1970-02-03"), "utf-8")
    after = check(extracts, tmp_path / "after")
    assert before.expired == {}
    assert not after.problems
    assert after.expired["school_census"]["person"] >= 1
    assert set(after.expired) == {"school_census"}
    assert "Past their time" in as_text(as_json(after))
    assert {"source": "school_census", "table": "person", "rows": after.expired["school_census"]["person"]} in as_json(
        after
    )["expired"]
    assert [(one.file, one.rows, one.loaded) for one in after.files] == [
        (one.file, one.rows, one.loaded) for one in before.files
    ]
