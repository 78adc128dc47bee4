"""The small invented graph of `fixtures/graph/` as bulk rows, and the one call that writes it.

Person ids are made from a person's record key, so that goldens can hold the key in their place.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from graph.bulk import BulkWriter, Counts, EdgeRow, NodeRow
from graph.classes import VisibilityClass
from graph.schema import SHIELDED_PERSON
from graph.vocabulary import canonical

FOLDER = Path(__file__).parent.parent / "fixtures" / "graph"

_LAYERS = {
    VisibilityClass.STANDARD: ("standard",),
    VisibilityClass.SENSITIVE: ("standard", "sensitive"),
    VisibilityClass.SHIELD: ("standard", "sensitive", "shield"),
}
_FILES = {
    "mosaic": {
        "people": "dm_persons", "links": "dm_personal_relationships", "residences": "addresses_people",
        "addresses": "dm_addresses", "involvements": "dm_prof_relationships", "practitioners": "dm_workers",
        "plans": "dm_plans",
    },
    "lcs": {
        "people": "DIM_PERSON", "links": "FACT_PERSON_RELATION", "residences": "DIM_PERSON_ADDRESS",
        "addresses": "DIM_PERSON_ADDRESS", "involvements": "FACT_INVOLVEMENTS", "practitioners": "FACT_INVOLVEMENTS",
        "plans": "FACT_PLANS", "events": "FACT_MISSING_EPISODES",
    },
    "school_census": {
        "people": "pupilonroll", "residences": "addresses", "addresses": "addresses", "events": "termlyexclusions",
    },
    "dwp": {"place_facts": "benefits"},
}  # fmt: skip

Properties = dict[str, Any]
Section = list[Any] | dict[str, Any]


def person_id(key: str) -> str:
    """The id of the person of that record key, as `mosaic:249012`."""
    return hashlib.blake2b(key.encode(), digest_size=8).hexdigest()


def write_fixture_graph(writer: BulkWriter, cls: VisibilityClass = VisibilityClass.STANDARD) -> Counts:
    """Makes the database and fills it with the invented graph as that class holds it."""
    nodes, edges = fixture_graph(cls)
    writer.create_database()
    writer.create_schema()
    counts = writer.load(nodes, edges)
    writer.create_indexes()
    return counts


def fixture_graph(cls: VisibilityClass = VisibilityClass.STANDARD) -> tuple[list[NodeRow], list[EdgeRow]]:
    """Every node and edge of the invented graph, as that class holds it."""
    told = layered(cls)
    provenance = _Provenance(told["defaults"])
    nodes = [*_nodes(told, provenance), *_fact_nodes(told, provenance)]
    edges = [*_edges(told, provenance), *_fact_edges(told)]
    return [row for row in nodes if row[1]], edges


def people(cls: VisibilityClass = VisibilityClass.STANDARD) -> dict[str, str]:
    """Record key to person id, for every record of every person of the class, and the key each person is named by."""
    told = layered(cls)
    ids = {key: person_id(key) for key in told["people"]}
    records = {record["key"]: person_id(key) for key, records in told["records"].items() for record in records}
    return ids | records


@cache
def layered(cls: VisibilityClass) -> dict[str, Any]:
    """The files of that class laid over one another."""
    told: dict[str, Any] = {}
    for layer in _LAYERS[cls]:
        for section, content in yaml.safe_load((FOLDER / f"{layer}.yaml").read_text(encoding="utf-8")).items():
            told[section] = _over(told.get(section), content)
    return told


def _over(below: Section | None, above: Section) -> Section:
    """A section of a lower layer with that of a higher one on it: lists follow on, properties replace."""
    if isinstance(above, list):
        return [*(below or []), *above]
    merged: dict[str, Any] = dict(below or {})
    for key, value in above.items():
        merged[key] = {**merged.get(key, {}), **value} if isinstance(value, dict) else value
    return merged


class _Provenance:
    """Fills in where a fact came from: a file of its source, and the next line of it."""

    def __init__(self, defaults: Properties) -> None:
        self._defaults = defaults
        self._lines: Counter[str] = Counter()

    def of(self, section: str, properties: Properties) -> Properties:
        source = properties.get("source")
        if not source:
            return properties
        file = _FILES.get(source, {}).get(section, "derived")
        self._lines[file] += 1
        return {**self._defaults, "source_row": f"{file}.csv:{self._lines[file] + 1}", **properties}


def _person(key: str, told: Properties) -> Properties:
    told = {name: value for name, value in told.items() if value is not None}
    if not told.get("source"):
        return {"person_id": person_id(key), **{name: told[name] for name in told if name in SHIELDED_PERSON}}
    dob = told.get("dob")
    month = {"birth_month": f"{dob:%Y-%m}"} if dob else {}
    return {"person_id": person_id(key), "status": "alive", "shielded": False, **month, **told}


def _nodes(told: Mapping[str, Any], provenance: _Provenance) -> Iterator[NodeRow]:
    for key, one in told["people"].items():
        yield "Person", provenance.of("people", _person(key, one))
    for records in told["records"].values():
        for record in records:
            yield "Record", _record(record, provenance)
    for key, one in told["addresses"].items():
        yield "Address", provenance.of("addresses", {"address_id": key, "communal": False, **one})
    for key, one in told["services"].items():
        yield "Service", {"service_id": key, "sensitive": False, **one}
    for key, one in told["organisations"].items():
        yield "Organisation", provenance.of("practitioners", {"organisation_id": key, **one})
    for key, one in told["practitioners"].items():
        kept = {name: value for name, value in one.items() if name != "works_for"}
        yield "Practitioner", provenance.of("practitioners", {"practitioner_id": key, **kept})
    for key, _, _, _, one in told["involvements"]:
        kept = {name: value for name, value in one.items() if name != "led"}
        yield "Involvement", provenance.of("involvements", {"involvement_id": key, **kept})


def _record(record: Properties, provenance: _Provenance) -> Properties:
    source, _, record_id = record["key"].partition(":")
    kept = {name: value for name, value in record.items() if name not in ("key", "match_basis", "probability")}
    return provenance.of("people", {"record_key": record["key"], "record_id": record_id, "source": source, **kept})


def _edges(told: Mapping[str, Any], provenance: _Provenance) -> Iterator[EdgeRow]:
    for first, code, second, one in told["links"]:
        older, word, younger = canonical(person_id(first), code, person_id(second))
        link = {"code": word, "basis": "asserted", **one}
        yield "RELATED_TO", "Person", older, "Person", younger, provenance.of("links", link)
    for person, address, one in told["residences"]:
        yield "LIVED_AT", "Person", person_id(person), "Address", address, provenance.of("residences", one)
    for key, records in told["records"].items():
        for record in records:
            why = {"match_basis": record["match_basis"], "probability": record.get("probability")}
            yield "RECORDED_AS", "Person", person_id(key), "Record", record["key"], why
    for spell in told["involvements"]:
        yield from _spell(*spell)
    for key, one in told["practitioners"].items():
        if employer := one.get("works_for"):
            yield "WORKS_FOR", "Practitioner", key, "Organisation", employer, {"source": one["source"]}


def _spell(key: str, person: str, service: str, worker: str | None, told: Properties) -> Iterator[EdgeRow]:
    said = {"source": told["source"]}
    yield "HAD", "Person", person_id(person), "Involvement", key, said
    yield "OF", "Involvement", key, "Service", service, said
    if worker:
        led = told.get("led", {"start": told.get("start"), "end": told.get("end")})
        yield "LED_BY", "Involvement", key, "Practitioner", worker, {**said, **led}


def _fact_nodes(told: Mapping[str, Any], provenance: _Provenance) -> Iterator[NodeRow]:
    for section, (label, name, _) in _FACTS.items():
        for key, _, _, one in told.get(section, ()):
            yield label, provenance.of(section, {name: key, **one, **told.get("shown", {}).get(key, {})})


def _fact_edges(told: Mapping[str, Any]) -> Iterator[EdgeRow]:
    for section, (label, _, edge) in _FACTS.items():
        for key, whose, service, one in told.get(section, ()):
            said = {"source": one["source"]}
            yield edge(key, whose, said)
            yield "OF", label, key, "Service", service, said


def _had(key: str, person: str, said: Properties) -> EdgeRow:
    return "HAD", "Person", person_id(person), "Plan", key, said


def _happened_to(key: str, person: str, said: Properties) -> EdgeRow:
    return "HAPPENED_TO", "Event", key, "Person", person_id(person), said


def _happened_at(key: str, place: str, said: Properties) -> EdgeRow:
    return "HAPPENED_AT", "Event", key, "Address", place, said


_FACTS: Mapping[str, tuple[str, str, Callable[[str, str, Properties], EdgeRow]]] = {
    "plans": ("Plan", "plan_id", _had),
    "events": ("Event", "event_id", _happened_to),
    "place_facts": ("Event", "event_id", _happened_at),
}
"""Each section: label and key of its nodes, and the edge to whom or what the fact is about."""
