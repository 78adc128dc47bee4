"""Rows as the catalogue gives them, and sources as a build lists them: what the tests of the pages' words are fed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from web.present.freshness import read_sources
from web.present.people import Person, person
from web.present.relationship import Relative, relatives

ON = date(2026, 11, 23)


def source(name: str, title: str, **values: Any) -> dict[str, Any]:
    plain = {
        "source": name, "title": title, "frequency": "every night", "frequency_days": 1, "connected": True,
        "extracted_on": ON.isoformat(), "coverage": "Whole council", "makes_units": True, "services": [],
    }  # fmt: skip
    return {**plain, **values}


def service(service_id: str, title: str, **values: Any) -> dict[str, Any]:
    return {"service_id": service_id, "title": title, "sensitive": False, "age_from": None, "age_to": None, **values}


SOURCES = read_sources(
    [
        source("mosaic", "Mosaic", services=[
            service("csc", "Children’s social care"), service("camhs", "Mental health", sensitive=True)]),
        source("lcs", "LCS", services=[service("csc", "Children’s social care")]),
        source("school_census", "School Census", frequency="every term", frequency_days=122,
               extracted_on="2026-10-01", services=[service("school", "School", age_from=4, age_to=20)]),
        source("housing", "Housing", connected=False, extracted_on=None, services=[
            service("housing", "Housing", age_from=16)]),
        source("police", "Police", extracted_on="2026-11-01", services=[service("police", "Police")]),
    ],
    ON, 8,
)  # fmt: skip


def tommy(**values: Any) -> Person:
    row = {"person_id": "t", "forename": "Tommy", "surname": "Williams", "sex": "M", "dob": date(2012, 5, 12)}
    return person({**row, "status": "alive", **values}, ON)


def link(who: str, code: str, **values: Any) -> dict[str, Any]:
    forename, _, surname = who.partition(" ")
    plain = {
        "person_id": who, "forename": forename, "surname": surname, "sex": "F", "dob": date(1985, 3, 21),
        "status": "alive", "code": code, "forwards": True, "start": None, "end": None, "parental_responsibility": None,
        "basis": "asserted", "source": "mosaic", "extracted_on": ON,
    }  # fmt: skip
    return {**plain, **values}


def family(*rows: Mapping[str, Any], centre: Person | None = None) -> list[Relative]:
    return relatives(rows, centre or tommy(), SOURCES, ON)


def lived(text: str, **values: Any) -> dict[str, Any]:
    plain = {"person_id": "t", "address_id": text, "text": text, "postcode": "AA6 4QT", "type": "home", "start": None,
             "end": None, "source": "mosaic", "extracted_on": ON}  # fmt: skip
    return {**plain, **values}
