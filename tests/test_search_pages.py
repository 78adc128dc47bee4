"""Finding a child on one's caseload, and finding anybody: what the pages ask, show, refuse and keep to themselves."""

import pytest
from flask import Flask

from tests.client import Client
from tests.fixture_graph import person_id
from tests.page import Page
from tests.published import application

TOMMY = person_id("mosaic:249012")
AMIRA = person_id("mosaic:251377")
CHLOE = person_id("mosaic:252001")
TOMMY_BORN = {"dob_day": "12", "dob_month": "5", "dob_year": "2012"}


def signed_in(username: str = "leeds.one", **settings: object) -> Client:
    client = Client(application(**settings))
    client.sign_in(username)
    client.follow()
    return client


@pytest.fixture(scope="module")
def leeds() -> Client:
    return signed_in()


@pytest.fixture(scope="module")
def stockport() -> Client:
    return signed_in(journey="stockport")


def fields(page: Page) -> set[str]:
    return {one.attributes["name"] or "" for one in page.all("input", type="text")}


def hits(client: Client, **typed: str) -> Page:
    client.post("/search", status=303, **typed)
    return client.follow()


# --- Leeds -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("search_by", "expected"),
    [
        ("either", {"case_id", "forename", "surname", "dob_day", "dob_month", "dob_year"}),
        ("case_id", {"case_id"}),
        ("name_dob", {"forename", "surname", "dob_day", "dob_month", "dob_year"}),
    ],
)
def test_the_setting_decides_what_the_form_asks(search_by: str, expected: set[str]) -> None:
    assert fields(signed_in(search_by=search_by).get("/search")) == expected


def test_a_case_id_is_not_looked_at_where_the_setting_does_not_ask_for_it() -> None:
    client = signed_in(search_by="name_dob")
    client.post("/search", status=400, case_id="249012")
    client = signed_in(search_by="case_id")
    client.post("/search", status=400, surname="Williams", **TOMMY_BORN)


@pytest.mark.parametrize("typed", ["249012", " 249012 ", "249 012"])
def test_a_case_id_on_the_caseload_goes_straight_to_the_record(leeds: Client, typed: str) -> None:
    leeds.post("/search", status=303, case_id=typed)
    assert leeds.location == f"/person/{TOMMY}"
    assert leeds.records()[-1]["people"] == [TOMMY]


@pytest.mark.parametrize(
    ("forename", "surname"),
    [("Tommy", "Williams"), ("Tom", "Wiliams"), ("Williams", "Tommy"), ("Thomas", "Williams"), ("", "Williams")],
)
def test_a_name_and_date_of_birth_find_the_child_and_say_why(leeds: Client, forename: str, surname: str) -> None:
    page = hits(leeds, forename=forename, surname=surname, **TOMMY_BORN)
    assert page.heading == "1 person fits"
    assert page.person_ids == {TOMMY}
    assert "Fits because:" in page.text
    assert page.all("a", href=f"/person/{TOMMY}")


@pytest.mark.parametrize(
    "typed",
    [
        {"case_id": "251380"},  # somebody linked, on no caseload
        {"case_id": "252001"},  # shielded
        {"case_id": "249016"},  # on another worker's caseload
        {"case_id": "0"},  # nobody
        {"case_id": "24901"},  # the beginning of an ID of the caseload
        {"surname": "Lee", "forename": "Jason", "dob_day": "30", "dob_month": "1", "dob_year": "2011"},
        {"surname": "Nobody", "forename": "Nil", "dob_day": "30", "dob_month": "1", "dob_year": "2011"},
        {"surname": "Marsh", "forename": "Chloe", "dob_day": "8", "dob_month": "10", "dob_year": "2013"},
    ],
)
def test_not_on_my_caseload_and_not_there_at_all_are_the_same_page(leeds: Client, typed: dict[str, str]) -> None:
    nobody = hits(leeds, case_id="999999")
    page = hits(leeds, **typed)
    assert page.bare == nobody.bare
    assert page.heading == "Nobody on your caseload fits"
    assert leeds.records()[-1]["people"] == []


def test_a_person_off_the_caseload_and_an_unknown_one_are_the_same_page(leeds: Client) -> None:
    pages = [leeds.get(f"/person/{person}", status=404).bare for person in (CHLOE, "0123456789abcdef", "nobody")]
    assert len(set(pages)) == 1


def test_another_worker_does_not_find_tommy() -> None:
    client = signed_in("leeds.two")
    assert TOMMY not in client.get("/search").person_ids
    assert hits(client, case_id="249012").heading == "Nobody on your caseload fits"


def test_a_manager_sees_both_caseloads_each_child_once_and_a_steward_sees_none() -> None:
    page = signed_in("manager").get("/search")
    assert len(page.person_ids) == 4
    assert len(page.all("li", class_="app-list__one")) == 4
    assert "Nobody is on your caseload" in signed_in("steward").get("/search").text


def test_the_other_case_system_makes_another_caseload() -> None:
    client = signed_in(cms="lcs")
    assert TOMMY not in client.get("/search").person_ids
    assert hits(client, case_id="249012").heading == "Nobody on your caseload fits"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({}, "Enter a case ID, or a name and a date of birth"),
        ({"case_id": "*"}, "Enter a case ID in letters or numbers"),
        ({"surname": "Williams"}, "Enter the child’s whole date of birth: day, month and year"),
        ({"surname": "Williams", "dob_year": "2012"}, "Enter the child’s whole date of birth: day, month and year"),
        (TOMMY_BORN, "Enter the child’s surname, forename or both"),
        (
            {"surname": "W", "dob_day": "31", "dob_month": "2", "dob_year": "2012"},
            "Date of birth: there is no such day.",
        ),
        (
            {"surname": "W", "dob_day": "x", "dob_month": "2", "dob_year": "2012"},
            "Date of birth: the day must be a number",
        ),
    ],
)
def test_too_little_or_wrong_is_refused_with_what_to_do(leeds: Client, typed: dict[str, str], message: str) -> None:
    page = leeds.post("/search", status=400, **typed)
    assert "There is a problem" in page.text
    assert message in page.text
    links = [one.attributes["href"] for one in page.all("a") if (one.attributes.get("href") or "").startswith("#")]
    ids = {f"#{one.attributes['id']}" for one in page.elements if "id" in one.attributes}
    assert set(links) <= ids
    for name, value in typed.items():
        assert page.all("input", name=name)[0].attributes["value"] == value


# --- What is kept ----------------------------------------------------------------------------------------------------


def test_back_and_refresh_ask_for_nothing_again(leeds: Client) -> None:
    first = hits(leeds, forename="Tom", surname="Williams", **TOMMY_BORN)
    address = leeds.last.request.path if leeds.last else ""
    assert leeds.get(address).bare == first.bare
    form = leeds.get("/search/change")
    assert form.all("input", name="surname")[0].attributes["value"] == "Williams"
    assert leeds.get("/search").all("input", name="surname")[0].attributes["value"] == ""


def test_another_persons_search_cannot_be_opened(leeds: Client) -> None:
    hits(leeds, forename="Tom", surname="Williams", **TOMMY_BORN)
    address = leeds.last.request.path if leeds.last else ""
    signed_in("manager").get(address, status=302)


def test_only_the_last_ten_searches_are_kept(leeds: Client) -> None:
    hits(leeds, case_id="1")
    oldest = leeds.last.request.path if leeds.last else ""
    for number in range(10):
        leeds.post("/search", status=303, case_id=f"{number + 2}")
    leeds.get(oldest, status=302)


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", "' OR 1=1 --", "\x00\x1b[31m", "👨‍👩‍👧", "x" * 10_000])
def test_whatever_is_typed_is_only_text(leeds: Client, stockport: Client, typed: str) -> None:
    leeds.post("/search", status=400, surname=typed, case_id="", dob_day=typed)
    leeds.raw("POST", "/search", data={"csrf_token": leeds.get("/search").csrf_token, "case_id": typed})
    stockport.raw(
        "POST", "/search", data={"csrf_token": stockport.get("/search").csrf_token, "surname": typed, "forename": typed}
    )


def test_a_form_too_large_is_refused(leeds: Client) -> None:
    page = leeds.post("/search", status=413, surname="x" * 100_000)
    assert page.heading == "What you sent is too long"


# --- Stockport -------------------------------------------------------------------------------------------------------


def test_stockport_asks_for_anybody_and_lists_no_caseload(stockport: Client) -> None:
    page = stockport.get("/search")
    assert page.heading == "Find a person"
    assert fields(page) == {
        "forename",
        "surname",
        "dob_day",
        "dob_month",
        "dob_year",
        "age",
        "address",
        "postcode",
        "record_id",
    }
    assert page.person_ids == set()


@pytest.mark.parametrize(
    "typed",
    [
        {"surname": "Williams", "forename": "Tom", "dob_year": "2012"},
        {"surname": "Wiliams", "dob_month": "5", "dob_year": "2012"},
        {"surname": "Williams", "age": "14"},
        {"surname": "Williams", "address": "320 Overdale Road"},
        {"address": "320 Overdale Road"},
        {"postcode": "AA6 4QT"},
        {"record_id": "249012"},
        {"record_id": "50012"},
    ],
)
def test_parts_of_what_is_known_find_the_person_with_reasons(stockport: Client, typed: dict[str, str]) -> None:
    page = hits(stockport, **typed)
    assert TOMMY in page.person_ids
    assert stockport.records()[-1]["people"]
    for one in page.all("li", class_="app-list__one"):
        assert "Fits because:" in page.words(one)
        assert "born" in page.words(one) or "ID" in page.words(one)


def test_two_people_alike_can_be_told_apart(stockport: Client) -> None:
    page = hits(stockport, surname="Williams", forename="Thomas", dob_year="2012")
    lines = [page.words(one) for one in page.all("li", class_="app-list__one")]
    assert len(lines) == 2
    assert {"12 May 2012" in line for line in lines} == {True, False}


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"surname": "W"},
        {"surname": "Williams"},
        {"dob_year": "2012"},
        {"surname": "*"},
        {"surname": "%", "forename": "%"},
        {"postcode": "nonsense"},
        {"age": "lots"},
    ],
)
def test_too_little_and_wildcards_are_refused(stockport: Client, typed: dict[str, str]) -> None:
    page = stockport.post("/search", status=400, **typed)
    assert "There is a problem" in page.text
    assert page.person_ids == set()


def test_a_search_sees_only_the_viewers_class() -> None:
    born = {"surname": "Marsh", "forename": "Chloe", "dob_year": "2013"}
    standard = hits(signed_in(journey="stockport"), **born)
    shield = hits(signed_in("shield", journey="stockport"), **born)
    assert standard.person_ids == shield.person_ids == {CHLOE}
    assert len(shield.text) > len(standard.text)
    address = {"address": "1 Nowhere Lane", "surname": "Marsh"}
    assert CHLOE not in hits(signed_in(journey="stockport"), **address).person_ids


def test_nobody_fits_says_what_to_do(stockport: Client) -> None:
    page = hits(stockport, surname="Nobody", forename="Nil", dob_year="1901")
    assert page.heading == "Nobody fits"
    assert "Check the spelling" in page.text


def test_the_frame_says_how_fresh_the_records_are(app_page: Page) -> None:
    assert "Mosaic: extracted 23 November 2026, arrives every night." in app_page.text


@pytest.fixture
def app_page(leeds: Client) -> Page:
    return leeds.get("/search")


def test_without_a_published_build_the_page_says_so_and_shows_nothing(tmp_path: object) -> None:
    from web import accounts

    app: Flask = application(data=tmp_path, demo=False)
    accounts.save(app.extensions["fnx_settings"].data, accounts.Account("a", "A", "manager", ("90001",)), "right")
    client = Client(app)
    client.sign_in("a", "right")
    page = client.get("/search", status=503)
    assert page.heading == "This service is not available at the moment"
    assert "Reference:" in page.text
    assert client.json("/healthz", status=503)["error"]
