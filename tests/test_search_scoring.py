"""Who is found, in what order and why: `fixtures/golden/search.yaml`, and the rules of scoring one by one."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from graph.errors import UsageError
from graph.search import Identifier, Query, SearchRecord, names_of, rank
from graph.search.dates import PartialDate, age_on, misread, swapped, tokens, wanted_token
from graph.search.fold import forename_tokens, plain, postcode, split_postcode, surname_tokens
from graph.search.nicknames import nicknames
from graph.search.reasons import SIMILAR, SIMILAR_SOUND, SOUND
from graph.search.record import pack, unpack
from graph.search.scoring import score
from graph.search.similarity import likeness

GOLDEN = yaml.safe_load(
    (Path(__file__).parent.parent / "fixtures" / "golden" / "search.yaml").read_text(encoding="utf-8")
)
TODAY: date = GOLDEN["today"]


def golden_person(key: str, told: dict[str, Any]) -> SearchRecord:
    return SearchRecord(
        person_id=key,
        names=names_of(
            told["forename"],
            told["surname"],
            middle_names=told.get("middle"),
            known_as=told.get("known_as"),
            other_names=told.get("other"),
        ),
        sex=told["sex"],
        dob=told.get("dob"),
        postcodes=(told["postcode"],) if "postcode" in told else (),
        address_lines=(told["at"],) if "at" in told else (),
        ids=tuple(Identifier(kind, value) for kind, value in told.get("ids", {}).items()),
        place=told.get("at", ""),
    )


GOLDEN_PEOPLE = tuple(golden_person(key, told) for key, told in GOLDEN["people"].items())


def golden_id(case: dict[str, Any]) -> str:
    return str(case["kind"])


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=golden_id)
def test_ranking_goldens(case: dict[str, Any]) -> None:
    results = rank(Query.from_form(**case["typed"], today=TODAY), GOLDEN_PEOPLE)
    found = [hit.person_id for hit in results.hits]
    assert "finds" not in case or found[:1] == [case["finds"]], found
    assert not set(case.get("never", ())) & set(found), found
    for words in case.get("reasons", ()):
        assert any(words in reason for reason in results.hits[0].reasons), results.hits[0].reasons


@pytest.mark.parametrize("case", GOLDEN["refusals"], ids=str)
def test_refusals_say_what_is_missing_and_repeat_nothing(case: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as refused:
        Query.from_form(**case["typed"])
    assert case["words"] in refused.value.message
    for typed in case["typed"].values():
        assert len(str(typed)) < 4 or str(typed) not in refused.value.message


# --- Folding ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("O'Neill", "oneill"),
        ("O’Neill", "oneill"),
        ("Smith-Jones", "smith jones"),
        ("  ÉLODIE  ", "elodie"),
        ("Zoe\u0308", "zoe"),
        ("Иван", "ivan"),
        ("Smith*", "smith"),
        ('pid:>0 "x" AND y', "pid 0 x and y"),
        ("😀", ""),
        ("\ud800\x00", ""),
        ("x" * 10_000, "x" * 100),
    ],
)
def test_folding(typed: str, folded: str) -> None:
    assert plain(typed) == folded


def test_neighbours_are_joined_in_surnames_and_at_hyphens_in_forenames() -> None:
    assert surname_tokens("Smith-Jones") == ("smith", "jones", "smithjones")
    assert forename_tokens("Sarah-Jane Anne") == ("sarah", "jane", "anne", "sarahjane")


@pytest.mark.parametrize(
    ("typed", "folded"),
    [("AA6 4QT", "aa64qt"), ("aa6", "aa6"), ("AA64", "aa64"), ("AA6 4Q", ""), ("nowhere", ""), ("AA1A 1AA", "aa1a1aa")],
)
def test_postcodes(typed: str, folded: str) -> None:
    assert postcode(typed) == folded


def test_a_postcode_is_taken_out_of_an_address() -> None:
    assert split_postcode("14 Quarry Bank, AA6 5DR") == ("14 quarry bank  ", "aa65dr")
    assert split_postcode("14 Quarry Bank") == ("14 quarry bank", "")


# --- Words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "found", "weight", "how"),
    [
        ("williams", "williams", 1.0, "exact"),
        ("wiliams", "williams", 0.88, SIMILAR_SOUND),
        ("stevenson", "stephenson", 0.80, SIMILAR_SOUND),
        ("marsh", "harsh", 0.82, SIMILAR),
        ("kelly", "gale", 0.0, ""),
        ("mo", "jo", 0.0, ""),
        ("bean", "been", 0.88, SIMILAR_SOUND),
        ("12", "13", 0.0, ""),
        ("catherine", "kathryn", 0.72, SOUND),
    ],
)
def test_likeness_of_surnames(typed: str, found: str, weight: float, how: str) -> None:
    assert likeness(typed, found, False) == (weight, how)


@settings(deadline=None)
@given(st.text(alphabet="abcdefgh", min_size=1, max_size=8), st.text(alphabet="abcdefgh", min_size=1, max_size=8))
def test_likeness_lies_between_nothing_and_the_same(typed: str, found: str) -> None:
    for forename in (True, False):
        weight = likeness(typed, found, forename).weight
        assert 0 <= weight <= 1
        assert (weight == 1) == (typed == found)


def test_nicknames_go_both_ways() -> None:
    for full, short in (
        ("alfred", "alfie"),
        ("mohammed", "mo"),
        ("katherine", "katie"),
        ("robert", "bob"),
        ("jakub", "kuba"),
    ):
        assert short in nicknames(full), short
        assert full in nicknames(short), full
        assert full not in nicknames(full)


# --- Dates -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(2012, 5, 12), date(2026, 5, 11), 13),
        (date(2012, 5, 12), date(2026, 5, 12), 14),
        (date(2012, 2, 29), date(2026, 2, 28), 13),
        (date(2012, 2, 29), date(2026, 3, 1), 14),
        (date(2027, 2, 14), date(2026, 11, 23), -1),
    ],
)
def test_ages(born: date, on: date, age: int) -> None:
    assert age_on(born, on) == age


@settings(deadline=None)
@given(st.dates(min_value=date(1880, 1, 1), max_value=date(2100, 12, 31)))
@example(date(1900, 12, 31))
@example(date(2012, 2, 29))
def test_misread_and_swapped_dates_go_both_ways(day: date) -> None:
    assert day not in misread(day)
    assert all(day in misread(other) for other in misread(day) if other.year >= 1000)
    other = swapped(day)
    assert other is None or (other != day and swapped(other) == day)


@settings(deadline=None)
@given(st.dates(min_value=date(1880, 1, 1), max_value=date(2100, 12, 31)))
def test_every_part_of_a_date_finds_it(day: date) -> None:
    year, month, number = day.year, day.month, day.day
    for given_ in (
        PartialDate(year),
        PartialDate(year, month),
        PartialDate(None, month, number),
        PartialDate(year, month, number),
    ):
        assert wanted_token(given_) in tokens(day)


# --- Rules of scoring ------------------------------------------------------------------------------------------------


def person(forename: str, surname: str, **more: Any) -> SearchRecord:
    return SearchRecord("p", names_of(forename, surname), **more)


def points(record: SearchRecord, **typed: Any) -> float:
    hit = score(Query.from_form(**typed, today=TODAY), record)
    return hit.score if hit else 0.0


def test_better_evidence_never_scores_less() -> None:
    who = person("Amelia", "Lyon", dob=date(2001, 1, 21), postcodes=("AA6 5DR",))
    name = {"surname": "Lyon", "forename": "Amelia"}
    spelt = [points(who, surname=surname, forename="Amelia") for surname in ("Lyon", "Lyons", "Leonid")]
    assert spelt == sorted(spelt, reverse=True)
    assert points(who, **name) > points(who, surname="Amelia", forename="Lyon") > 0
    typed = [(21, 1), (1, 21), (22, 1), (29, 9)]
    dated = [points(who, **name, dob_day=day, dob_month=month, dob_year=2001) for day, month in typed if month < 13]
    assert dated == sorted(dated, reverse=True)
    assert points(who, **name, postcode="AA6 5DR") > points(who, **name, postcode="AA6 5DK") > points(who, **name)


def test_an_alias_scores_a_little_less_than_the_name_shown() -> None:
    both = SearchRecord("p", names_of("Kate", "Stone", other_names=["Kate Fairweather"]))
    shown, other = points(both, surname="Stone", forename="Kate"), points(both, surname="Fairweather", forename="Kate")
    assert 0 < other < shown


def test_an_id_is_enough_whatever_else_is_typed() -> None:
    who = person("Amelia", "Lyon", ids=(Identifier("Mosaic ID", "A-12 34"),))
    assert points(who, record_id="a1234", surname="Somebody", forename="Else") >= 30
    assert points(who, record_id="a123", surname="Somebody", forename="Else") == 0


def test_the_order_is_the_same_whatever_order_they_come_in() -> None:
    twins = [SearchRecord(key, names_of("Ava", "Khan"), dob=date(2019, 3, 11)) for key in ("b", "a", "c")]
    query = Query.from_form(surname="Khan", forename="Ava")
    assert [hit.person_id for hit in rank(query, twins).hits] == ["a", "b", "c"]
    assert [hit.person_id for hit in rank(query, reversed(twins)).hits] == ["a", "b", "c"]


def test_twenty_are_shown_and_more_is_said() -> None:
    crowd = [SearchRecord(f"{number:02}", names_of("Ava", "Khan")) for number in range(21)]
    query = Query.from_form(surname="Khan", forename="Ava")
    assert (len(rank(query, crowd).hits), rank(query, crowd).more) == (20, True)
    assert (len(rank(query, crowd[:20]).hits), rank(query, crowd[:20]).more) == (20, False)


def test_nothing_of_a_person_is_in_a_repr() -> None:
    who = person("Amelia", "Quillington", dob=date(2001, 1, 21))
    query = Query.from_form(surname="Quillington", forename="Amelia", dob_year=2001)
    results = rank(query, [who])
    assert results.hits
    assert "Quillington" not in repr((who, query, results, results.hits[0]))
    assert "2001" not in repr((who, query, query.born, results.hits[0]))


names = st.text(max_size=12)
records = st.builds(
    lambda forename, surname, other, dob, line, code: SearchRecord(
        "p", names_of(forename, surname, other_names=other), "U", dob, (code,), (line,), (Identifier("ID", code),), line
    ),
    names, names, st.lists(names, max_size=2), st.none() | st.dates(), st.text(max_size=20), st.text(max_size=8),
)  # fmt: skip


@settings(deadline=None)
@given(records)
def test_a_stored_record_comes_back_whole(record: SearchRecord) -> None:
    try:
        stored = pack(record)
    except TypeError:  # a lone surrogate cannot come out of a UTF-8 extract
        assert any(
            "\ud800" <= letter <= "\udfff" for letter in repr(record.names) + record.place + repr(record.postcodes)
        )
        return
    assert unpack(stored) == record


@settings(deadline=None)
@given(record=records, surname=names, forename=names, year=st.integers(1880, 2100), address=st.text(max_size=20))
def test_anything_typed_can_be_scored(
    record: SearchRecord, surname: str, forename: str, year: int, address: str
) -> None:
    try:
        query = Query.from_form(surname=surname, forename=forename, dob_year=year, address=address)
    except UsageError:
        return
    hit = score(query, record)
    assert hit is None or hit.reasons
