"""Plans, dated facts and facts about places on the pages of a published graph, and the sources that tell nothing."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.client import Client
from tests.fixture_graph import person_id
from tests.page import Element, Page
from tests.person_pages import AMIRA, DOMINIC, KATE, RYAN, SARA, TOMMY, facts, services_of, signed_in
from tests.published import SOURCES, Edges, Nodes, beside, copied

NADIA = person_id("lcs:60062")
"""Lived at Tommy's address before the Williamses came."""


@pytest.fixture(scope="module")
def asha() -> Client:
    return signed_in("leeds.one")


@pytest.fixture(scope="module")
def open_search() -> Client:
    return signed_in("steward", journey="stockport")


def service(page: Page, service_id: str) -> str:
    (found,) = [page.words(one) for one in services_of(page) if one.attributes["data-service"] == service_id]
    return found


def elements(page: Page, name: str) -> list[Element]:
    return [one for one in page.elements if one.attributes.get("data-fact") == name]


def cited(page: Page) -> str:
    """What is printed once of each source that the page shows a fact of."""
    return " ".join(page.words(one) for one in page.all("dl", class_="app-origins__print"))


def test_a_plan_says_what_for_since_when_and_whom_to_ask(asha: Client) -> None:
    page = asha.get(f"/person/{TOMMY}/services")
    first = facts(page, "plan")[0]
    for words in ("Child in need plan Open", "Since 2 June 2026", "Neglect", "Parental mental health",
                  "Legal statusNo legal status", "Asha Daniels", "asha.daniels@council.example",
                  "LCS", "last updated 2 October 2026"):  # fmt: skip
        assert words in first, words
    assert elements(page, "plan")[0].attributes["data-source"] == "lcs"
    (summary,) = [page.words(one) for one in page.all("summary") if "earlier plan" in page.words(one)]
    assert summary.startswith("1 earlier spell of service and 1 earlier plan or assessment")


def test_dated_facts_stand_in_one_line_a_kind_and_each_behind_it_has_its_source(asha: Client) -> None:
    page = asha.get(f"/person/{TOMMY}/services")
    (line,) = [page.words(one) for one in page.all("summary") if "missing" in page.words(one)]
    assert line == "Concern 2 missing episodes, latest 11 April 2026 to 12 April 2026: Returned home"
    told = elements(page, "event")
    assert [one.attributes["data-source"] for one in told] == ["lcs", "lcs"]
    assert [page.words(one).partition(" LCS")[0] for one in told] == [
        "11 April 2026 to 12 April 2026: Returned home", "date not recorded"
    ]  # fmt: skip


def test_a_tone_is_always_a_word_on_the_line_of_its_fact(asha: Client) -> None:
    page = asha.get(f"/person/{AMIRA}/services")
    lines = {str(one.attributes["data-kind"]): page.words(one) for one in page.all("li", class_="app-happening")}
    assert lines["suspension"].startswith("Concern 1 suspension, ")
    assert lines["attendance"].startswith("Attendance: "), "a neutral fact needs no word"
    assert {one.attributes["data-tone"] for one in elements(page, "event")} == {"concern", "neutral"}


def test_a_service_that_only_a_plan_or_a_fact_tells_of_is_shown_and_flagged(asha: Client) -> None:
    page = asha.get(f"/person/{KATE}/services")
    faces = {one.attributes["data-service"]: one.attributes["data-absence"] for one in services_of(page)}
    assert faces["early_help"] == "involved-now"
    assert "Early help plan Open" in service(page, "early_help")
    assert "Early help" in facts(asha.get(f"/person/{KATE}"), "service-now")
    school = asha.get(f"/person/{AMIRA}/services")
    assert "1 suspension, 9 March 2026 to 10 March 2026: Physical assault against a pupil" in service(school, "school")
    assert "Attendance: 91% attended, 1 September 2026" in service(school, "school")


def test_every_fact_says_with_whom_it_may_be_shared_and_on_what_basis_it_is_held(asha: Client) -> None:
    for path in ("", "/family", "/services"):
        page = asha.get(f"/person/{TOMMY}{path}")
        details = [page.words(one) for one in page.elements if "popover" in one.attributes]
        assert len(details) > 5
        for words in details:
            assert "Sharing on: Whom to tell of" in words
            assert "Lawful basis: The Act under which" in words


def test_the_foot_of_a_page_lists_all_sources_behind_one_line_and_prints_those_it_cites(asha: Client) -> None:
    page = asha.get(f"/person/{TOMMY}/services")
    (foot,) = [one for one in page.all("details") if one.attributes.get("id") == "sources"]
    words = page.words(foot)
    assert words.startswith("Sources of these records: 4 connected ")
    for title in ("Mosaic", "LCS", "School Census", "DWP"):
        assert (
            f"{title}: extracted 23 November 2026, arrives every night. Sharing on: Whom to tell of {title}." in words
        )
    printed = cited(page)
    assert "Mosaic: extracted" in printed
    assert "LCS: extracted" in printed
    assert "DWP" not in printed, "no fact of it stands on this page"
    assert "DWP: extracted" in cited(asha.get(f"/person/{TOMMY}"))
    assert "Mosaic: extracted" in cited(asha.get("/search"))
    assert cited(asha.get("/person/nobody", status=404)) == ""


# --- facts about a place ----------------------------------------------------------------------------------------------


def test_a_fact_about_a_place_stands_under_its_address_and_says_that_it_is_about_nobody(asha: Client) -> None:
    page = asha.get(f"/person/{TOMMY}")
    (address,) = [one for one in facts(page, "address") if "Overdale" in one]
    assert "Recorded about this address, not about a person:" in address
    assert "Housing benefit: In payment, two adults and one child, since 6 May 2024" in address
    told = elements(page, "place-fact")
    assert [one.attributes["data-source"] for one in told] == ["dwp", "dwp"]
    assert "universal credit" not in page.text.casefold(), "that is another address"


def test_it_is_shown_to_nobody_who_lived_there_at_another_time(open_search: Client) -> None:
    page = open_search.get(f"/person/{NADIA}")
    assert any("320 Overdale Road" in words for words in facts(page, "address"))
    assert elements(page, "place-fact") == []
    assert len(elements(open_search.get(f"/person/{RYAN}"), "place-fact")) == 1, "he came after the first had ended"


def test_it_never_makes_a_service_of_a_person(open_search: Client) -> None:
    for who in (TOMMY, SARA):
        page = open_search.get(f"/person/{who}/services")
        (benefits,) = [one for one in services_of(page) if one.attributes["data-service"] == "benefits"]
        assert benefits.attributes["data-absence"] == "not-searched"
        assert "DWP: tells of addresses only, never of a person: see the address" in page.words(benefits)
        assert "Benefits (DWP)" not in facts(open_search.get(f"/person/{who}"), "service-now")


# --- offences ---------------------------------------------------------------------------------------------------------


def with_offences(nodes: Nodes, edges: Edges) -> tuple[Nodes, Edges]:
    """Five offences of Dominic, and the service that tells of them."""
    police: dict[str, Any] = {"source": "lcs", "source_row": "offences.csv:2"}
    told: list[dict[str, Any]] = [
        {
            "event_id": f"o{year}",
            "kind": "offence",
            "on": date(year, 3, 1),
            "detail": f"Robbery, {role}",
            "tone": "concern",
        }
        for year, role in (
            (2019, "Suspect"),
            (2023, "Convict"),
            (2021, "Suspect"),
            (2020, "Suspect"),
            (2018, "Suspect"),
        )
    ]
    more: Nodes = [("Service", {"service_id": "police", "title": "Police", "sensitive": False})]
    more += [("Event", {**one, **police}) for one in told]
    joins: Edges = [("OF", "Event", one["event_id"], "Service", "police", police) for one in told]
    joins += [("HAPPENED_TO", "Event", one["event_id"], "Person", DOMINIC, police) for one in told]
    return [*nodes, *more], [*edges, *joins]


def test_of_offences_no_more_than_three_are_anywhere_on_a_page(tmp_path: Path) -> None:
    client = signed_in("leeds.one", data=copied(tmp_path, build={"databases": beside("offences", with_offences)}))
    page = client.get(f"/person/{DOMINIC}/services")
    assert [page.words(one).partition(" LCS")[0] for one in elements(page, "event")] == [
        "1 March 2023: Robbery, Convict", "1 March 2021: Robbery, Suspect", "1 March 2020: Robbery, Suspect"
    ]  # fmt: skip
    (more,) = facts(page, "more-held")
    assert more.startswith("The police hold more offences than these. LCS")
    assert page.text.count("Robbery") == 3
    assert not {"2018", "2019"} & set(page.text.split())
    assert "Robbery" not in client.get(f"/person/{DOMINIC}").text


# --- sources that tell nothing ----------------------------------------------------------------------------------------


def absent(name: str, **state: Any) -> dict[str, Any]:
    rule = {"service_id": name, "title": name.upper(), "sensitive": False, "age_from": None, "age_to": None}
    return {**SOURCES[0], "source": name, "title": f"The {name}", "makes_units": False, "services": [rule],
            "connected": False, "extracted_on": None, **state}  # fmt: skip


def test_with_many_sources_absent_each_says_why_and_the_page_stays_short(tmp_path: Path) -> None:
    away = [absent(f"s{number}") for number in range(18)]
    off = [absent(f"g{number}", switched_off=True) for number in range(4)]
    client = signed_in("leeds.one", data=copied(tmp_path, sources=[*SOURCES, *away, *off]))
    page = client.get(f"/person/{TOMMY}/services")
    faces = {one.attributes["data-service"]: one.attributes["data-absence"] for one in services_of(page)}
    assert {faces[f"s{number}"] for number in range(18)} | {faces["g0"]} == {"not-searched"}
    assert "The s3: not connected" in service(page, "s3")
    assert "Not searched:" not in service(page, "s3"), "the heading says it"
    part = absent("police2", services=SOURCES[0]["services"])
    partly = signed_in("leeds.one", data=copied(tmp_path / "partly", sources=[*SOURCES, part]))
    other = partly.get(f"/person/{RYAN}/services")
    assert "Not searched: The police2: not connected" in service(other, "csc")
    assert "1 service, 1 of them not in every source" in other.text
    assert "The g3: switched off by the council" in service(page, "g3")
    (behind,) = [page.words(one) for one in page.all("summary") if "for nobody" in page.words(one)]
    assert behind == "22 services searched for nobody: no source of them is connected or switched on"
    (foot,) = [page.words(one) for one in page.all("summary") if "Sources of these" in page.words(one)]
    assert foot == "Sources of these records: 4 connected, 18 not connected, 4 switched off by the council"
    (closed,) = [one for one in page.all("details") if one.attributes.get("id") == "sources"]
    assert "open" not in closed.attributes
    assert "Switched off by the council: The g0, The g1, The g2, The g3" in page.words(closed)
