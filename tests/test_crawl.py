"""Every page a role can reach: each link on it leads to a proper page, each fact says where it came from, and in Leeds
nobody outside the units of the caseload is named, linked or counted.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser

import pytest

from graph.classes import VisibilityClass
from graph.vocabulary import inverse
from tests.client import Client
from tests.fixture_graph import layered, person_id
from tests.page import VOID, Page
from tests.person_pages import KATE, PAULA, TOMMY, facts, rows, signed_in
from tests.published import SOURCES
from web.present.words import word

CRAWLS = (
    ("leeds", "leeds.one"), ("leeds", "manager"), ("leeds", "steward"), ("leeds", "shield"),
    ("stockport", "steward"), ("stockport", "sensitive"), ("stockport", "shield"),
)  # fmt: skip
NAMES = {str(source["source"]) for source in SOURCES} | {"derived"}
WITHOUT = frozenset({"sensitive-involved", "disagreement"})
"""What is withheld, and what is said about facts that name their sources beside it."""
NOTHING = ("Not recorded", "Does not apply: both are 18 or over", "Begins at birth")


@cache
def crawled(journey: str, username: str) -> dict[str, Page]:
    """Every page that role reaches from its search page and from everybody it may search for, by address."""
    client = signed_in(username, journey=journey)
    found: dict[str, Page] = {}
    todo = ["/search", *(_doors(client) if journey == "stockport" else ())]
    while todo:
        address = todo.pop()
        if address not in found:
            found[address] = client.get(address)
            todo += [link for link in _links(found[address]) if "expand=" not in link and "of=" not in link]
    return found


def _doors(client: Client) -> Iterator[str]:
    """Where anybody may be searched for, every person of the fixture is a door, and so is a page of results."""
    client.get("/search")
    client.post("/search", status=303, surname="Williams", dob_year="2012")
    yield client.location
    yield from (f"/person/{person_id(key)}" for key in layered(VisibilityClass.STANDARD)["people"])


def _links(page: Page) -> Iterator[str]:
    addresses = ((one.attributes.get("href") or "").partition("#")[0] for one in page.all("a"))
    return (address for address in addresses if address.startswith("/") and address != "/")


@pytest.mark.parametrize(("journey", "username"), CRAWLS)
def test_every_link_of_every_page_leads_to_a_page_whose_title_says_what_it_is(journey: str, username: str) -> None:
    pages = crawled(journey, username)
    assert len(pages) >= (1 if (journey, username) == ("leeds", "steward") else 12), "the crawl reached next to nothing"
    for address, page in pages.items():
        (title,) = (page.words(one) for one in page.all("title"))
        said, _, service = title.rpartition(" – ")
        assert service == "Family network explorer", address
        assert said.endswith(page.heading), address
        tab = {"family": "Family: ", "services": "Services: ", "records": "Records: "}.get(
            address.partition("?")[0].rpartition("/")[2], ""
        )
        assert said == tab + page.heading, address


def test_what_a_picture_can_be_expanded_by_leads_to_a_page_too() -> None:
    client = signed_in("leeds.one")
    page = client.get(f"/person/{TOMMY}/family")
    links = {
        (one.attributes["href"] or "").partition("#")[0]
        for one in page.all("a")
        if "of=" in (one.attributes.get("href") or "")
    }
    assert len(links) >= 6
    for link in sorted(links):
        assert client.get(link).heading == "Tommy Williams"


# --- where every fact came from ---------------------------------------------------------------------------------------


@dataclass
class Fact:
    """An element that shows a fact: its name, its words, and the sources named on it, in it or round it."""

    name: str
    words: str = ""
    sources: set[str] = field(default_factory=set)


class Facts(HTMLParser):
    """Reads the facts of a page."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.facts: list[Fact] = []
        self._open: list[tuple[set[str], Fact | None]] = []
        self.feed(body)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        names = set((told.get("data-source") or "").split())
        for _, fact in self._open:
            if fact:
                fact.sources |= names
        if tag in VOID:
            return
        round_it = names.union(*(outer for outer, _ in self._open))
        fact = Fact(str(told["data-fact"]), sources=set(round_it)) if told.get("data-fact") else None
        self.facts += [fact] if fact else []
        self._open.append((names, fact))

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for _, fact in self._open:
            if fact:
                fact.words += data


def silent(body: str) -> list[str]:
    """The facts of a page that name no source, or one that is none."""
    found = [fact for fact in Facts(body).facts if fact.name not in WITHOUT]
    return [
        f"{fact.name}: {' '.join(fact.words.split())[:60]}"
        for fact in found
        if not " ".join(fact.words.split()).endswith(NOTHING) and not (fact.sources and fact.sources <= NAMES)
    ]


@pytest.mark.parametrize(("journey", "username"), CRAWLS)
def test_every_fact_of_every_page_names_its_source(journey: str, username: str) -> None:
    for address, page in crawled(journey, username).items():
        if "record is restricted" not in page.text and "Not shown to your role" not in page.text:
            assert silent(page.body) == [], address


def test_a_fact_without_a_source_is_seen() -> None:
    assert silent('<p data-fact="dob">12 May 2012</p>') == ["dob: 12 May 2012"]
    assert silent('<p data-fact="dob" data-source="rumour">12 May 2012</p>') == ["dob: 12 May 2012"]
    assert silent('<div data-source="lcs"><p data-fact="dob">12 May 2012</p></div>') == []
    assert silent('<p data-fact="dob">12 May 2012 <b data-source="lcs">LCS</b></p>') == []


# --- the right word, from the right side ------------------------------------------------------------------------------


def test_every_word_on_every_page_is_what_the_source_says_seen_from_that_person() -> None:
    """Each link of the fixture, whichever way its source states it, on the pages of both people."""
    told = layered(VisibilityClass.SHIELD)
    pages = crawled("stockport", "shield")
    sexes = {key: str(one.get("sex") or "U") for key, one in told["people"].items()}
    seen = 0
    for first, name, second, one in told["links"]:
        for member, centre, said in ((first, second, name), (second, first, inverse(name))):
            page = pages.get(f"/person/{person_id(centre)}")
            if page is None:
                continue
            row = rows(page)[person_id(member)]
            assert word(said, sexes[member]).casefold() in row.casefold(), (member, said, centre, one["source"])
            seen += 1
    assert seen > 40


# --- Leeds: the units of the caseload and nobody else -----------------------------------------------------------------


def units(*workers: str) -> set[str]:
    """Everybody on the caseloads or directly linked to them in Mosaic, by plain reading of the fixture's files."""
    told = layered(VisibilityClass.STANDARD)
    on_it = {
        key
        for _, key, _, worker, spell in told["involvements"]
        if worker in workers and spell.get("allocated") and spell.get("status") == "open" and "led" not in spell
    }
    linked = {key for a, _, b, one in told["links"] if one["source"] == "mosaic" and {a, b} & on_it for key in (a, b)}
    return {person_id(key) for key in on_it | linked}


def test_nobody_outside_the_units_is_on_any_page_or_in_any_picture_in_leeds() -> None:
    client = signed_in("leeds.one")
    inside = units("mosaic:90001")
    assert {TOMMY, KATE, PAULA} <= inside
    outside = [one for key, one in layered(VisibilityClass.STANDARD)["people"].items() if person_id(key) not in inside]
    names = {f"{one['forename']} {one['surname']}" for one in outside if one.get("forename") and one.get("surname")}
    names -= {page.heading for page in crawled("leeds", "leeds.one").values()}
    own = (one for key, records in layered(VisibilityClass.STANDARD)["records"].items() if person_id(key) in inside
           for one in records)  # fmt: skip
    names -= {f"{one.get('forename')} {one.get('surname')}" for one in own}  # their own records' names are shown
    for address, page in crawled("leeds", "leeds.one").items():
        assert page.person_ids <= inside, address
        assert not [name for name in names if f">{name}<" in page.body], address
    for one in inside:
        query = "&".join(f"expand={kind}.{one}" for kind in ("people", "addresses", "services", "practitioners"))
        drawn = client.json(f"/network/{one}.json?{query}")
        assert {node["id"] for node in drawn["nodes"] if node["kind"] == "people"} <= inside


def test_somebody_off_the_caseload_is_shown_within_its_families_and_the_page_says_so() -> None:
    client = signed_in("leeds.one")
    for path in ("", "/family"):
        page = client.get(f"/person/{PAULA}{path}")
        (sentence,) = facts(page, "sentence")
        assert "In the families on your caseload, Mosaic links 1 person to her" in sentence, (
            "her own son is not counted"
        )
        (fresh,) = facts(page, "links-freshness")
        assert (
            "Paula Lee is not on your caseload. Only people in the families on your caseload are shown here." in fresh
        )
        assert "Somebody missing from a child’s family must be linked to that child in Mosaic." in fresh
    (sentence,) = facts(client.get(f"/person/{TOMMY}"), "sentence")
    assert "In the families" not in sentence
