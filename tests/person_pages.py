"""Who is who on the published fixture graph, and how a test reads a person page."""

from typing import Any

from tests.client import Client
from tests.fixture_graph import person_id
from tests.page import Element, Page
from tests.published import application

TOMMY, KATE, DOMINIC = person_id("mosaic:249012"), person_id("mosaic:249013"), person_id("mosaic:249014")
PAULA, JASON, RYAN, SHEILA = (person_id(f"mosaic:{number}") for number in (249015, 249016, 249018, 249017))
AMIRA, SARA = person_id("mosaic:251377"), person_id("mosaic:251378")
CHLOE, ELLEN, AVA = person_id("mosaic:252001"), person_id("mosaic:252002"), person_id("lcs:60060")


def signed_in(username: str, **settings: Any) -> Client:
    client = Client(application(**settings))
    client.sign_in(username)
    return client


def facts(page: Page, name: str) -> list[str]:
    return [page.words(one) for one in page.elements if one.attributes.get("data-fact") == name]


def rows(page: Page) -> dict[str, str]:
    """The list of linked people: id to the words of the row."""
    found = [one for one in page.all("li", class_="app-relative") if one.attributes.get("data-person-id")]
    return {str(one.attributes["data-person-id"]): page.words(one) for one in found}


def services_of(page: Page) -> list[Element]:
    return [one for one in page.elements if "data-absence" in one.attributes]
