"""Cleaning of single values: tables of cases anybody can extend, and properties for any text whatever."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.gb import nhs as stdnum_nhs
from stdnum.gb import upn as stdnum_upn

from loaders.clean import addresses, dates, identifiers, names
from loaders.clean.organisations import organisation_key, organisation_kind

A_DAY = date(2012, 5, 31)


@pytest.mark.parametrize(
    "text",
    [
        "2012-05-31",
        "2012-5-31",
        " 2012-05-31 ",
        "2012-05-31 00:00:00",
        "2012-05-31T23:59:59Z",
        "2012-05-31 00:00:00.000",
        "2012-05-31T00:00:00+01:00",
        "31/05/2012",
        "31/05/2012 09:30",
        "31-05-2012",
        "31.5.2012",
        "2012-May-31 00:00:00",
        "31-MAY-2012",
        "31 May 2012",
    ],
)
def test_dates_in_every_form_councils_write(text: str) -> None:
    assert dates.parse_date(text) == A_DAY


@pytest.mark.parametrize("text", ["", " ", "NULL", "1900-01-01", "01/01/1900", "1970-01-01 00:00:00", "31/12/9999"])
def test_placeholder_dates_are_none(text: str) -> None:
    assert dates.parse_date(text) is None


@pytest.mark.parametrize(
    "text",
    ["31/02/2012", "2013-02-29", "0001-02-03", "1899-12-31", "2012-05", "31/05/12", "yesterday", "2012-05-31x",
     "٢٠١٢-٠٥-٣١", "2012-Mai-31", "05/31/2012", "2012-00-10"],
)  # fmt: skip
def test_days_that_cannot_be_are_errors_that_do_not_repeat_the_value(text: str) -> None:
    with pytest.raises(dates.BadDate) as fault:
        dates.parse_date(text)
    assert text not in str(fault.value)


@given(st.dates(dates.EARLIEST, date(2100, 1, 1)))
def test_every_day_survives_every_form(day: date) -> None:
    expected = None if day in dates.PLACEHOLDERS else day
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%Y-%m-%d 00:00:00", "%d %b %Y", "%Y-%b-%d"):
        assert dates.parse_date(day.strftime(form)) == expected


@given(st.text(max_size=40))
def test_any_text_is_a_day_nothing_or_a_bad_date(text: str) -> None:
    try:
        found = dates.parse_date(text)
    except dates.BadDate:
        return
    assert found is None or found >= dates.EARLIEST


@pytest.mark.parametrize("text", ["943 476 5919", "4010232137", "943-476-5919"])
def test_valid_nhs_numbers(text: str) -> None:
    number = identifiers.nhs_number(text)
    assert number is not None
    assert stdnum_nhs.is_valid(number)


@pytest.mark.parametrize("text", ["987 654 4321", "999 123 4560", "0000000000", "1111111111", "12345", "943476591X"])
def test_invalid_nhs_numbers(text: str) -> None:
    with pytest.raises(identifiers.BadIdentifier) as fault:
        identifiers.nhs_number(text)
    assert text not in str(fault.value)


@given(st.text("0123456789", min_size=10, max_size=10))
def test_nhs_numbers_agree_with_another_library(text: str) -> None:
    try:
        ours = identifiers.nhs_number(text) is not None
    except identifiers.BadIdentifier:
        ours = False
    assert ours == (stdnum_nhs.is_valid(text) and len(set(text)) > 1)


@pytest.mark.parametrize(
    ("text", "valid"),
    [("B801200005001", True), ("b801 2000 05001", True), ("A801200005001", False), ("Q207000016049", False),
     ("X00180001701A", False), ("B80120000500", False)],
)  # fmt: skip
def test_unique_pupil_numbers(text: str, valid: bool) -> None:
    if valid:
        assert identifiers.upn(text) == "B801200005001"
        return
    with pytest.raises(identifiers.BadIdentifier):
        identifiers.upn(text)


@given(st.from_regex(r"[A-HJ-NP-RT-Z][0-9]{12}", fullmatch=True))
def test_the_letter_of_a_upn_agrees_with_another_library(text: str) -> None:
    try:
        ours = identifiers.upn(text) is not None
    except identifiers.BadIdentifier:
        ours = False
    assert ours == (stdnum_upn.calc_check_digit(text[1:]) == text[0])


@pytest.mark.parametrize("text", ["SSD_PH", "ssd_ph", "UN1", "UN5", "", " ", "-1", "N/A", "NULL"])
def test_placeholders_are_no_identifier_of_any_kind(text: str) -> None:
    for parse in (identifiers.nhs_number, identifiers.upn, identifiers.uln, identifiers.uprn):
        assert parse(text) is None


def test_unique_learner_number_and_property_number() -> None:
    assert identifiers.uln("9276308686") == "9276308686"
    with pytest.raises(identifiers.BadIdentifier):
        identifiers.uln("9276308687")
    assert identifiers.uprn("000100023336956.0") == "100023336956"
    assert identifiers.uprn("0000") is None
    with pytest.raises(identifiers.BadIdentifier):
        identifiers.uprn("1234567890123")


@given(st.text(max_size=30))
def test_no_text_crashes_an_identifier(text: str) -> None:
    for parse in (identifiers.nhs_number, identifiers.upn, identifiers.uln, identifiers.uprn, addresses.postcode):
        try:
            found = parse(text)
        except ValueError:
            continue
        assert found is None or parse(found) == found


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


@pytest.mark.parametrize(
    ("text", "expected"),
    [("sk64qt", "SK6 4QT"), (" SK6  4QT ", "SK6 4QT"), ("EC1A1BB", "EC1A 1BB"), ("xxxx", None), ("nopostcode", None)],
)
def test_postcodes(text: str, expected: str | None) -> None:
    assert addresses.postcode(text) == expected


@given(st.from_regex(r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}", fullmatch=True))
def test_a_postcode_has_one_standard_form(text: str) -> None:
    once = addresses.postcode(text)
    assert once is not None
    assert addresses.postcode(once.lower()) == addresses.postcode(once.replace(" ", "")) == once


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Flat 2, 14 Example Street, Testbury, AA1 1AA", ("Flat 2, 14 Example Street, Testbury", "AA1 1AA")),
        ("14 Example Street Testbury aa11aa", ("14 Example Street Testbury", "AA1 1AA")),
        ("14  Example Street,, ,Testbury", ("14 Example Street, Testbury", None)),
        ("Testbury, Testbury", ("Testbury", None)),
        ("No fixed abode", (None, None)),
        ("", (None, None)),
    ],
)
def test_addresses_written_as_one_line(line: str, expected: tuple[str | None, str | None]) -> None:
    assert addresses.split_line(line) == expected


def test_an_address_composed_of_its_parts() -> None:
    parts = {"flat": "2", "building": "The Mill", "number": "14", "street": "Example Street", "town": "Testbury"}
    assert addresses.compose(**parts) == "Flat 2, The Mill, 14 Example Street, Testbury"
    assert addresses.compose(**dict.fromkeys(parts, "")) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Ada   Byron ", "Ada Byron"),
        ("O\u2019Mock", "O'Mock"),
        ("Ada\u200b", "Ada"),
        ("Null", "Null"),
        ("Baby", "Baby"),
        ("UNKNOWN", None),
        ("n/k", None),
        ("?", None),
        ("123", None),
        ("", None),
        ("李", "李"),
    ],
)
def test_names(text: str, expected: str | None) -> None:
    assert names.clean_name(text) == expected


@given(st.text(max_size=40))
def test_cleaning_a_name_twice_changes_nothing(text: str) -> None:
    once = names.clean_name(text)
    assert once is None or names.clean_name(once) == once


def test_full_names_and_aliases() -> None:
    assert names.split_full_name("Ada Mary Byron") == ("Ada", "Byron")
    assert names.split_full_name("BYRON, Ada") == ("Ada", "BYRON")
    assert names.split_full_name("Byron") == (None, "Byron")
    assert names.split_aliases("Tom Smith; T. Jones aka TJ") == ["Tom Smith", "T. Jones", "TJ"]
    assert names.unique_names(["Ada", "ada"], ["Byron"], apart_from="BYRON") == ["Ada"]
    assert [names.sex_code(text) for text in ("Male", "f", "", "Unknown", "1", "2", "X")] == list("MFUUMFU")


def test_organisations_that_are_only_named() -> None:
    assert organisation_key("St. Anne's  Primary School") == organisation_key(
        "st annes primary SCHOOL".replace("st ", "St. ")
    )
    assert organisation_kind("Overbrook Primary School") == "school"
    assert organisation_kind("Marple Medical Centre") == "GP practice"
    assert organisation_kind("Something Else") == "other"


def test_the_first_day_accepted_is_the_day_after_the_placeholder() -> None:
    assert dates.EARLIEST - timedelta(days=1) in dates.PLACEHOLDERS
