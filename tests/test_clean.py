"""Cleaning of single values: cases anybody can extend (`fixtures/clean/*.yaml`), and properties of any text."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum.gb import nhs as stdnum_nhs
from stdnum.gb import upn as stdnum_upn

from loaders.clean import addresses, dates, identifiers, names, placeholders
from loaders.clean.homes import home
from loaders.clean.organisations import organisation_key, organisation_kind
from loaders.refresh.places import text_key

FIXTURES = Path(__file__).parents[1] / "fixtures" / "clean"
FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%Y-%m-%d 00:00:00", "%d %b %Y", "%d %B %Y", "%Y-%b-%d", "%d.%m.%Y", "%Y%m%d")
IDENTIFIERS: dict[str, Callable[[str], str | None]] = {
    "nhs_number": identifiers.nhs_number,
    "upn": identifiers.upn,
    "uln": identifiers.uln,
    "pnc": identifiers.pnc,
    "uprn": identifiers.uprn,
    "llid": identifiers.llid,
}
CHECKED = IDENTIFIERS | {"postcode": addresses.postcode}


def compose(parts: list[str]) -> str | None:
    return addresses.compose(**dict(zip(("flat", "building", "number", "street", "town"), parts, strict=True)))


PURE: dict[str, Callable[[Any], object]] = {
    "clean_name": names.clean_name,
    "split_full_name": lambda text: list(names.split_full_name(text)),
    "split_aliases": names.split_aliases,
    "sex_code": names.sex_code,
    "split_line": lambda text: list(addresses.split_line(text)),
    "compose": compose,
    "numbers": lambda text: list(home(text).numbers),
    "organisation_kind": organisation_kind,
    "organisation_key": organisation_key,
}


def cases(*wanted: str) -> list[Any]:
    """(function, what is written, what it is read as) of every case for the functions named."""
    return [
        pytest.param(function, text, expected, id=f"{function}-{number}")
        for path in sorted(FIXTURES.glob("*.yaml"))
        for function, listed in yaml.safe_load(path.read_text(encoding="utf-8")).items()
        if function in wanted
        for number, (text, expected) in enumerate(listed)
    ]


def pairs(name: str) -> list[list[str]]:
    found: list[list[str]] = yaml.safe_load((FIXTURES / "addresses.yaml").read_text(encoding="utf-8"))[name]
    return found


@pytest.mark.parametrize(("function", "text", "expected"), cases(*PURE))
def test_texts_are_read_as_the_tables_say(function: str, text: Any, expected: object) -> None:
    assert PURE[function](text) == expected


@pytest.mark.parametrize(("function", "text", "expected"), cases(*CHECKED))
def test_identifiers_are_read_or_refused_as_the_tables_say(function: str, text: str, expected: str | None) -> None:
    if expected is None or not expected.startswith("! "):
        assert CHECKED[function](text) == expected
        return
    with pytest.raises((identifiers.BadIdentifier, addresses.BadPostcode)) as fault:
        CHECKED[function](text)
    assert str(fault.value) == expected.removeprefix("! ")
    assert text not in str(fault.value)


@pytest.mark.parametrize(("function", "text", "expected"), cases("parse_date"))
def test_dates_are_read_or_refused_as_the_tables_say(function: str, text: str, expected: str | None) -> None:
    if expected is None or expected[0].isdigit():
        assert dates.parse_date(text) == (date.fromisoformat(expected) if expected else None)
        return
    with pytest.raises(dates.BadDate) as fault:
        dates.parse_date(text)
    assert str(fault.value) == expected
    assert text not in str(fault.value)


def test_the_tables_hold_what_they_promise() -> None:
    assert len(cases(*PURE, *CHECKED, "parse_date")) >= 150


@pytest.mark.parametrize(("one", "other"), pairs("same_home"))
def test_one_home_written_twice(one: str, other: str) -> None:
    assert text_key(one, "AA1 1AA") == text_key(other, "aa11aa")


@pytest.mark.parametrize(("one", "other"), pairs("different_homes"))
def test_two_homes_of_one_postcode(one: str, other: str) -> None:
    assert text_key(one, "AA1 1AA") != text_key(other, "AA1 1AA")


@given(st.dates(dates.earliest(), date(2100, 1, 1)))
def test_every_day_survives_every_form(day: date) -> None:
    expected = None if day in placeholders.days() else day
    for form in FORMS:
        assert dates.parse_date(day.strftime(form)) == expected


@given(st.text(max_size=40))
def test_any_text_is_a_day_nothing_or_a_bad_date(text: str) -> None:
    try:
        found = dates.parse_date(text)
    except dates.BadDate:
        return
    assert found is None or found >= dates.earliest()


def test_the_first_day_accepted_is_the_day_after_the_placeholder() -> None:
    assert dates.earliest() - timedelta(days=1) in placeholders.days()


@given(st.text("0123456789", min_size=10, max_size=10))
@example("4010232137")
def test_nhs_numbers_agree_with_another_library(text: str) -> None:
    assert valid(identifiers.nhs_number, text) == (stdnum_nhs.is_valid(text) and len(set(text)) > 1)


@given(st.text("0123456789 -", min_size=10, max_size=12))
@example("401 023 2137")
def test_nhs_numbers_agree_with_another_library_on_spaces_and_dashes(text: str) -> None:
    digits = text.replace(" ", "").replace("-", "")
    assert valid(identifiers.nhs_number, text) == (stdnum_nhs.is_valid(text) and len(set(digits)) > 1)


@given(st.from_regex(r"[A-HJ-NP-RT-Z](201|801|938)[0-9]{9}", fullmatch=True))
@example("B801200005001")
def test_upns_of_known_authorities_agree_with_another_library(text: str) -> None:
    assert valid(identifiers.upn, text) == stdnum_upn.is_valid(text)


@given(st.from_regex(r"[0-9]{11}[0-9A-HJ-NP-RT-Z]", fullmatch=True))
def test_a_upn_with_the_letter_another_library_gives_is_valid_unless_temporary(text: str) -> None:
    number = stdnum_upn.calc_check_digit(text) + text
    assert valid(identifiers.upn, number) == number[12].isdigit()


def valid(parse: Callable[[str], str | None], text: str) -> bool:
    try:
        return parse(text) is not None
    except identifiers.BadIdentifier:
        return False


@given(st.text(max_size=30))
@example("1900-01-01")
def test_no_text_crashes_an_identifier_and_what_is_read_reads_as_itself(text: str) -> None:
    for parse in CHECKED.values():
        try:
            found = parse(text)
        except (identifiers.BadIdentifier, addresses.BadPostcode):
            continue
        assert found is None or parse(found) == found


@pytest.mark.parametrize("text", sorted(placeholders.exact("identifiers")))
def test_placeholders_are_no_identifier_of_any_kind(text: str) -> None:
    for written in (text, text.lower(), f" {text} "):
        assert {parse(written) for parse in IDENTIFIERS.values()} == {None}


def test_ranges_that_are_never_issued() -> None:
    assert identifiers.invented_nhs_number("9990000018")
    assert not identifiers.invented_nhs_number("9434765919")
    assert identifiers.invented_upn("X000200010101")
    assert not identifiers.invented_upn("B801200005001")
    assert identifiers.invented_phone("01632 960901")
    assert identifiers.invented_phone("+44 1632 960901")
    assert not identifiers.invented_phone("0161 496 0000")
    assert addresses.invented_postcode("AA1 1AA")
    assert not addresses.invented_postcode("SK6 4QT")
    assert not addresses.invented_postcode("M1 1AE")


@given(st.from_regex(r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}", fullmatch=True))
def test_a_postcode_has_one_standard_form(text: str) -> None:
    once = addresses.postcode(text)
    assert once is not None
    assert addresses.postcode(once.lower()) == addresses.postcode(once.replace(" ", "")) == once


@given(st.text(max_size=60))
@example("Smith ;")
@example(";\rA")
def test_tidying_twice_changes_nothing(text: str) -> None:
    name, (line, _) = names.clean_name(text), addresses.split_line(text)
    assert name is None or names.clean_name(name) == name
    assert line is None or addresses.one_line(line) == line
    assert organisation_key(organisation_key(text)) == organisation_key(text)
    assert names.sex_code(names.sex_code(text)) == names.sex_code(text)


@given(st.text(max_size=60))
@example("Flat 2\x8514 Quarry Road")
def test_any_text_is_some_home_whatever_its_case(text: str) -> None:
    assert text.isascii() is False or home(text.upper()) == home(text.lower())
    assert set(home(text).numbers) == set(home(" ".join(text.split())).numbers)


def test_names_once_each_regardless_of_case() -> None:
    assert names.unique_names(["Ada", "ada"], ["Byron"], apart_from="BYRON") == ["Ada"]


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("", "home"),
        ("Home Address", "home"),
        ("PRIMARY", "home"),
        ("Placement Address", "placement"),
        ("Foster home", "placement"),
        ("Children's Home", "placement"),
        ("Adoptive home", "placement"),
        ("Correspondence", "correspondence"),
        ("Postal", "correspondence"),
        ("Holiday let", "other"),
    ],
)
def test_a_type_of_address_is_told_by_its_words_and_a_placement_is_never_missed(said: str, kind: str) -> None:
    assert addresses.address_type(said) == kind
