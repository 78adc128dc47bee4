"""The services page: who to ask, the way back to the family, and the four faces of absence on a published graph."""

from pathlib import Path
from typing import Any

import pytest

from tests.client import Client
from tests.person_pages import AVA, KATE, RYAN, TOMMY, facts, services_of, signed_in
from tests.published import SOURCES, copied


@pytest.fixture(scope="module")
def asha() -> Client:
    """The social worker with Tommy on her caseload, on the Leeds journey."""
    return signed_in("leeds.one")


def test_services_give_team_practitioner_phone_and_email_and_the_end_reason(asha: Client) -> None:
    page = asha.get(f"/person/{TOMMY}/services")
    spells = facts(page, "involvement")
    first = spells[0]
    for words in ("Allocated worker Open", "Since 18 May 2026", "Romiley Child in Need Team", "Asha Daniels",
                  "01632 960101", "asha.daniels@council.example", "Lead professional", "Mosaic"):  # fmt: skip
        assert words in first
    assert any("Needs met" in spell and "Closed" in spell for spell in spells)
    assert [one.attributes["data-absence"] for one in services_of(page)][:2] == ["involved-now", "involved-now"]


def test_a_person_chosen_from_the_family_leads_back_to_it(asha: Client) -> None:
    family = asha.get(f"/person/{TOMMY}/family")
    (link,) = [one for one in family.all("a", class_="govuk-link") if family.words(one) == "Kate Williams"
               and "services" in (one.attributes["href"] or "")]  # fmt: skip
    page = asha.get(str(link.attributes["href"]))
    assert page.heading == "Kate Williams"
    (back,) = page.all("a", class_="govuk-back-link")
    assert page.words(back) == "Family of Tommy Williams"
    assert TOMMY in asha.records()[-1]["people"]


def test_a_way_back_to_somebody_out_of_reach_is_not_shown(asha: Client) -> None:
    for stranger in (AVA, "nobody"):
        page = asha.get(f"/person/{KATE}/services?from={stranger}")
        assert [page.words(one) for one in page.all("a", class_="govuk-back-link")] == ["Search"]


@pytest.fixture
def all_faces(tmp_path: Path) -> Client:
    """The same build with more sources in its list: sensitive, by age, not connected and stale."""
    other = [
        _source("camhs", "CAMHS", sensitive=True), _source("housing", "Housing", age_from=16),
        _source("police", "Police", connected=False), _source("gp", "GP", extracted_on="2026-10-01"),
    ]  # fmt: skip
    return signed_in("leeds.one", data=copied(tmp_path, sources=[*SOURCES, *other]))


def _source(name: str, title: str, **told: Any) -> dict[str, Any]:
    rule = {"service_id": name, "title": title, "sensitive": False, "age_from": None, "age_to": None}
    for key in rule.keys() & told.keys():
        rule[key] = told.pop(key)
    return {**SOURCES[0], "source": name, "title": title, "makes_units": False, "services": [rule], **told}


def test_absence_has_its_four_faces_and_hidden_services_the_same_for_everybody(all_faces: Client) -> None:
    pages = {who: all_faces.get(f"/person/{who}/services") for who in (TOMMY, RYAN)}
    found = {one.attributes["data-service"]: one for one in services_of(pages[TOMMY])}
    faces = {name: one.attributes["data-absence"] for name, one in found.items()}
    assert faces["csc"] == "involved-now"
    assert faces["health_visiting"] == "involved-before"
    assert faces["housing"] == faces["police"] == faces["gp"] == "not-searched"
    assert faces["camhs"] == "not-shown"
    page = pages[TOMMY]
    assert "only people aged 16 and over are searched" in page.words(found["housing"])
    assert "not connected" in page.words(found["police"])
    assert "out of date: last extract 1 October 2026" in page.words(found["gp"])
    assert "covers whole council" in pages[RYAN].text
    hidden = [
        [p.words(one) for one in services_of(p) if one.attributes["data-service"] == "camhs"] for p in pages.values()
    ]
    assert hidden[0] == hidden[1]
    csc = {one.attributes["data-service"]: one.attributes["data-absence"] for one in services_of(pages[RYAN])}
    assert csc["csc"] == "nothing-held"


def test_a_further_service_is_named_only_to_those_who_may_see_it(asha: Client) -> None:
    assert "A further service is involved: ask the broker" in asha.get(f"/person/{RYAN}/services").text
    assert "Substance use" not in asha.get(f"/person/{RYAN}/services").text
    essential = signed_in("sensitive").get(f"/person/{RYAN}/services")
    assert "Substance use" in essential.text
    assert "ask the broker" not in essential.text
