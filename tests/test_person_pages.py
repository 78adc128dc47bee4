"""The pages of one person on a published graph: what they say, whom they audit, and what they keep to themselves."""

import json
import re

import pytest

from tests.client import Client
from tests.person_pages import (
    AMIRA,
    AVA,
    CHLOE,
    DOMINIC,
    ELLEN,
    JASON,
    KATE,
    PAULA,
    RYAN,
    SHEILA,
    TOMMY,
    facts,
    rows,
    services_of,
    signed_in,
)  # fmt: skip


@pytest.fixture(scope="module")
def asha() -> Client:
    """The social worker with Tommy on her caseload, on the Leeds journey."""
    return signed_in("leeds.one")


@pytest.fixture(scope="module")
def open_search() -> Client:
    """A steward on the Stockport journey."""
    return signed_in("steward", journey="stockport")


# --- the list and the sentence ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "/family"])
def test_the_childs_page_says_who_is_linked_and_who_holds_responsibility(asha: Client, path: str) -> None:
    page = asha.get(f"/person/{TOMMY}{path}")
    assert page.heading == "Tommy Williams"
    (sentence,) = facts(page, "sentence")
    assert "lives at 320 Overdale Road, Romiley" in sentence
    assert "his mother Kate Williams, who holds parental responsibility" in sentence
    assert "his father Dominic Pierce (parental responsibility not recorded)" in sentence
    people = rows(page)
    assert list(people) == [KATE, DOMINIC, RYAN, PAULA]
    assert "Is to Tommy Williams: Mother" in people[KATE]
    assert re.search(r"Holds parental responsibility LCS and Mosaic, sources of parental ", people[KATE])
    assert "Not recorded" in people[DOMINIC]
    assert "Adult social care" in people[PAULA]


def test_the_order_is_a_sentence_a_list_and_then_the_picture(asha: Client) -> None:
    body = asha.get(f"/person/{TOMMY}/family").body
    assert body.index('data-fact="sentence"') < body.index('class="app-relatives"') < body.index('id="picture"')


def test_the_other_way_round_the_child_is_a_son(asha: Client) -> None:
    people = rows(asha.get(f"/person/{KATE}/family"))
    assert "Is to Kate Williams: Son" in people[TOMMY]
    assert "Kate Williams holds it for him" in people[TOMMY]
    assert "Is to Kate Williams: Former partner" in people[DOMINIC]
    assert "(ended)" not in people[DOMINIC], "former says it"
    assert "1 June 2009 to 28 February 2016" in people[DOMINIC]
    assert SHEILA not in people, "Kate's own mother is in no unit of this caseload"


def test_two_sources_that_disagree_are_two_assertions_with_a_word_of_warning(asha: Client) -> None:
    page = asha.get(f"/person/{TOMMY}/family")
    row = rows(page)[RYAN]
    assert "Step-father, since 1 May 2022 LCS" in row
    assert "Parent's boyfriend, 1 January 2021 to 31 March 2026 Mosaic" in row
    assert any("Sources disagree" in words and "relationship" in words for words in facts(page, "disagreement"))


def test_the_newest_address_comes_first_and_the_older_source_is_still_there(asha: Client) -> None:
    page = asha.get(f"/person/{AMIRA}")
    (address,) = facts(page, "address")
    assert address.index("7 Tanner Street") < address.index("14 Quarry Bank")
    assert "Sources disagree" in address
    assert "School Census" in address
    (sentence,) = facts(page, "sentence")
    assert "lives at 7 Tanner Street, Bredbury (School Census, since September 2026)" in sentence


def test_records_that_disagree_are_shown_side_by_side(asha: Client) -> None:
    page = asha.get(f"/person/{KATE}")
    (born,) = facts(page, "dob")
    assert "Sources disagree" in born
    assert "21 March 1985 Mosaic" in born
    assert "12 March 1985 LCS" in born


def test_every_linked_person_says_which_source_when_and_how_often(asha: Client) -> None:
    page = asha.get(f"/person/{TOMMY}/family")
    details = [page.words(one) for one in page.elements if "popover" in one.attributes]
    assert details
    for words in details:
        assert re.search(r"Extracted .+ Last updated .+ Arrives ", words), words
    targets = {one.attributes["popovertarget"] for one in page.all("button") if "popovertarget" in one.attributes}
    assert targets == {one.attributes["id"] for one in page.elements if "popover" in one.attributes}


def test_leeds_says_how_fresh_the_links_are_and_where_a_missing_person_must_be_linked(asha: Client) -> None:
    (words,) = facts(asha.get(f"/person/{TOMMY}"), "links-freshness")
    assert "Mosaic: extracted 23 November 2026, arrives every night" in words
    assert "must be linked to Tommy Williams in Mosaic" in words


def test_stockport_shows_people_from_every_source_and_says_who_says_so(open_search: Client) -> None:
    page = open_search.get(f"/person/{TOMMY}/family")
    people = rows(page)
    assert "Grandmother (ended)" in people[SHEILA]
    assert "LCS" in people[SHEILA]
    (words,) = facts(page, "links-freshness")
    assert "People are shown from every source" in words
    twin = rows(open_search.get(f"/person/{AVA}"))
    assert any("identical twins" in row for row in twin.values())


# --- who may see whom -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/person/{}", "/person/{}/family", "/person/{}/services"])
def test_a_child_of_another_caseload_and_nobody_at_all_are_the_same_page(asha: Client, path: str) -> None:
    bodies = {asha.get(path.format(who), status=404).bare.replace(who, "") for who in (AVA, CHLOE, "nobody")}
    assert len(bodies) == 1
    assert "Williams" not in bodies.pop()


def test_the_picture_of_a_child_of_another_caseload_and_of_nobody_are_the_same(asha: Client) -> None:
    answers = [asha.json(f"/network/{who}.json", status=404) for who in (AVA, "nobody")]
    assert answers[0] == answers[1]


def test_a_picture_cannot_be_led_outside_the_units_of_the_caseload(asha: Client) -> None:
    data = asha.json(f"/network/{TOMMY}.json?of={PAULA}&expand=people.{KATE}&expand=people.{PAULA}")
    people = {node["id"] for node in data["nodes"] if node["kind"] == "people"}
    assert people == {TOMMY, KATE, DOMINIC, RYAN, PAULA}
    counts = {one["kind"]: one["words"] for one in data["choices"]}
    assert counts["people"] == "1 linked person", "Paula's own son is in no unit of this caseload"
    for out in (SHEILA, JASON, AVA, "nobody"):
        asha.json(f"/network/{TOMMY}.json?expand=people.{out}", status=404)
        asha.json(f"/network/{TOMMY}.json?of={out}", status=404)


def test_a_restricted_person_shows_four_facts_on_every_page(open_search: Client) -> None:
    for path in ("", "/family", "/services"):
        page = open_search.get(f"/person/{CHLOE}{path}")
        assert page.heading == "Chloe Marsh"
        assert facts(page, "dob") == ["Born 8 October 2013"]
        assert facts(page, "parental-responsibility") == ["Ellen Marsh"]
        assert page.person_ids == {CHLOE}
        assert services_of(page) == []
    data = open_search.json(f"/network/{CHLOE}.json?expand=addresses.{CHLOE}")
    assert [node["name"] for node in data["nodes"]] == ["Chloe Marsh"]
    assert CHLOE not in rows(open_search.get(f"/person/{ELLEN}/family"))


def test_the_shield_desk_sees_the_restricted_record_marked_as_such() -> None:
    page = signed_in("shield", journey="stockport").get(f"/person/{CHLOE}")
    assert "Restricted record" in page.text
    assert "5 Elm Close" in page.text
    assert ELLEN in rows(page)


# --- audit and the picture's data -------------------------------------------------------------------------------------


def test_every_person_on_a_page_is_in_its_audit_record_with_what_was_asked(asha: Client) -> None:
    asha.get(f"/person/{TOMMY}/family?of={KATE}&expand=addresses.{KATE}")
    record = asha.records()[-1]
    assert set(record["people"]) == {TOMMY, KATE, DOMINIC, RYAN, PAULA}
    assert record["asked"] == {"person": TOMMY, "of": KATE, "expand": f"addresses.{KATE}"}
    data = asha.json(f"/network/{TOMMY}.json")
    assert {node["id"] for node in data["nodes"]} <= set(asha.records()[-1]["people"])


def test_the_page_and_the_data_hold_the_same_picture_and_the_tables_say_it_all(asha: Client) -> None:
    query = f"?of={TOMMY}&expand=addresses.{TOMMY}&expand=services.{KATE}&expand=practitioners.{TOMMY}"
    page = asha.get(f"/person/{TOMMY}/family{query}")
    data = asha.json(f"/network/{TOMMY}.json{query}")
    (embedded,) = [one for one in page.all("script") if one.attributes.get("id") == "network-data"]
    embedded_data = json.loads(embedded.text)
    assert embedded_data == {key: data[key] for key in embedded_data}
    (nodes,) = [page.words(one) for one in page.all("table") if one.attributes.get("id") == "picture-nodes"]
    (links,) = [page.words(one) for one in page.all("table") if one.attributes.get("id") == "picture-links"]
    for node in data["nodes"]:
        assert node["name"] in nodes
    for edge in data["edges"]:
        assert edge["reads"] in links
        assert all(said in links for said in edge["said"])


def test_without_script_the_picture_is_added_to_by_links(asha: Client) -> None:
    page = asha.get(f"/person/{TOMMY}/family")
    (link,) = [one for one in page.all("a", class_="govuk-link") if page.words(one) == "Add 2 addresses"]
    more = asha.get(str(link.attributes["href"]))
    (nodes,) = [more.words(one) for one in more.all("table") if one.attributes.get("id") == "picture-nodes"]
    assert "18 Chapel Brow, Marple" in nodes


def test_nonsense_in_the_address_is_refused(asha: Client) -> None:
    asha.get(f"/person/{TOMMY}/family?expand=secrets.{TOMMY}", status=400)
    asha.json(f"/network/{TOMMY}.json?expand=people", status=400)


def test_addresses_of_pages_hold_nothing_but_opaque_ids(asha: Client) -> None:
    for path in ("", "/family", "/services"):
        page = asha.get(f"/person/{TOMMY}{path}")
        for one in page.elements:
            href = one.attributes.get("href") or ""
            if not href.startswith("mailto:"):
                assert not re.search(r"Williams|Tommy|Overdale|249012|2012", href), href
