"""Many small random families side by side in one graph, and every question of the catalogue worth asking about them.

Made from fixed seeds: a leak that is caught once is caught every time. Most links and homes are aimed at hidden people,
because a random pair has nothing between it that could leak.
"""

import hashlib
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from graph.bolt import Reader, Rows
from graph.bulk import EdgeRow, NodeRow
from graph.classes import VisibilityClass
from loaders.refresh.classes import ClassGraph
from queries.catalogue import ask
from tests.small_council import Facts, connection_of
from tests.test_non_interference import (
    CODES,
    EXCEPTIONS,
    PEOPLE,
    STREETS,
    facts_of,
    merged,
    services_of,
)

KINDS = ("people", "addresses", "services", "practitioners")
UNKNOWN = "nobody-of-this-id"
WORKERS = 3
SALT = "salt"
KNOWS_THAT_THEY_EXIST = frozenset({"person", "search", "neighbour_counts"})
"""Questions whose answer may differ between a shielded person, who is known to exist, and nobody at all."""


@dataclass(frozen=True)
class GraphRows:
    """A class's graph before it is loaded."""

    nodes: list[NodeRow]
    edges: list[EdgeRow]

    def linked(self, type_: str) -> list[tuple[str, str, Mapping[str, Any]]]:
        """The ends and properties of every edge of a type."""
        return [(edge[2], edge[4], edge[5]) for edge in self.edges if edge[0] == type_]


class Probe(NamedTuple):
    """One question about one family. `about` is the person it is asked of, where it is asked of one."""

    name: str
    parameters: dict[str, Any]
    about: str = ""


def families(seed: int, number: int, hidden: float = 0.8) -> list[Facts]:
    """That many families as standard rows; nearly half of their links, homes and spells are aimed at the first person,
    who is shielded as often as `hidden` says.
    """
    rng = random.Random(seed)
    return [_family(rng, place, hidden) for place in range(number)]


def _family(rng: random.Random, number: int, hidden: float) -> Facts:
    def somebody() -> int:
        return max(0, rng.randint(-2, PEOPLE - 1))

    drawn = {
        "restricted": [rng.random() < hidden] + [rng.random() < hidden / 4 for _ in range(PEOPLE - 1)],
        "links": [
            (somebody(), rng.choice(CODES), rng.randrange(PEOPLE), rng.random() < 0.3, rng.random() < 0.15)
            for _ in range(rng.randint(4, 9))
        ],
        "homes": [
            (somebody(), rng.choice(STREETS[:3]), rng.choice((None, "u1", "u2")), rng.random() < 0.2, _day(rng),
             rng.choice(("home", "home", "placement")))
            for _ in range(rng.randint(5, 9))
        ],
        "spells": [
            (somebody(), rng.choice(("csc", "csc", "camhs")), rng.choice((0, *range(WORKERS))))
            for _ in range(rng.randint(3, 7))
        ],
    }  # fmt: skip
    facts = facts_of(number, drawn)
    for spell in facts.involvement:
        closed = rng.random() < 0.2
        spell.update(allocated=rng.random() < 0.7, status="closed" if closed else "open", start=_day(rng))
        if closed:
            spell["end"] = date(2026, 2, 3)
    return facts


def _day(rng: random.Random) -> date | None:
    return None if rng.random() < 0.3 else date(rng.randint(2015, 2025), rng.randint(1, 12), rng.randint(1, 28))


def class_rows(parts: Sequence[Facts], visibility: VisibilityClass, spill: Path) -> GraphRows:
    """The graph a class gets of these families."""
    services = [service for number in range(len(parts)) for service in services_of(number)]
    connection = connection_of(merged(list(parts)), spill, services=services)
    graph = ClassGraph(connection, visibility, salt=SALT)
    rows = GraphRows(list(graph.nodes()), list(graph.edges()))
    connection.close()
    return rows


def key_of(visibility: VisibilityClass, label: str, key: str) -> str:
    """The key a node has in a class's graph: a research graph gives it another."""
    if visibility is not VisibilityClass.RESEARCH:
        return key
    return hashlib.sha256(f"{SALT}{label}{key}".encode()).hexdigest()[:24]


def shielded_of(part: Facts) -> set[str]:
    """Ids of a family's hidden people."""
    return {part.people["mosaic", row["record_id"]] for row in part.person if row["restricted"]}


def worker_of(number: int) -> str:
    """The worker of a family whose unit is its scope."""
    return f"c{number}-worker0"


def unit_of(rows: GraphRows, number: int) -> set[str]:
    """Whom that worker may see in Leeds, worked out from the rows and not from the engine."""
    open_now = {
        properties["involvement_id"]
        for label, properties in rows.nodes
        if label == "Involvement" and properties.get("allocated") and properties["status"] == "open"
    }
    led = {spell for spell, worker, _ in rows.linked("LED_BY") if worker == f"mosaic:{worker_of(number)}"}
    own = {person for person, spell, _ in rows.linked("HAD") if spell in led & open_now}
    ends = [(a, b) for a, b, _ in rows.linked("RELATED_TO")]
    return own | {b for a, b in ends if a in own} | {a for a, b in ends if b in own}


def cut(rows: GraphRows, allowed: set[str]) -> GraphRows:
    """The graph with everybody else taken out, and what only they held."""

    def stays(label: str, key: str) -> bool:
        return label != "Person" or key in allowed

    edges = [edge for edge in rows.edges if stays(edge[1], edge[2]) and stays(edge[3], edge[4])]
    had = {edge[4] for edge in edges if edge[0] == "HAD"}
    edges = [edge for edge in edges if edge[1] != "Involvement" or edge[2] in had]
    held = {(edge[1], edge[2]) for edge in edges} | {(edge[3], edge[4]) for edge in edges}
    keys = {"Person": "person_id", "Record": "record_key", "Address": "address_id", "Service": "service_id",
            "Involvement": "involvement_id", "Practitioner": "practitioner_id",
            "Organisation": "organisation_id"}  # fmt: skip
    kept = held | {("Person", one) for one in allowed}
    return GraphRows([node for node in rows.nodes if (node[0], node[1][keys[node[0]]]) in kept], edges)


def without_communal(rows: GraphRows) -> GraphRows:
    """The graph in which nobody ever lived at a place that links nobody."""
    communal = {one["address_id"] for label, one in rows.nodes if label == "Address" and one["communal"]}
    edges = [edge for edge in rows.edges if edge[0] != "LIVED_AT" or edge[4] not in communal]
    return GraphRows(rows.nodes, edges)


def probes(number: int, part: Facts, visibility: VisibilityClass, allowed: set[str] | None) -> Iterator[Probe]:
    """Every question worth asking of one family; with `allowed`, only those a scoped viewer can put."""
    ids = [key_of(visibility, "Person", person) for person in part.people.values()]
    inside = [one for one in ids if allowed is None or one in allowed]
    scope = {"scoped": allowed is not None, "allowed": sorted(allowed or ())}
    for one in (*ids, UNKNOWN):
        for sources in ([], ["mosaic"]):
            yield Probe("family_unit", {"person_id": one, "sources": sources} | scope, one)
        yield Probe("neighbour_counts", {"person_id": one} | scope, one)
        yield Probe("shared_address", {"person_id": one} | scope, one)
        for kind in KINDS:
            yield Probe("neighbours", {"person_id": one, "kind": kind} | scope, one)
    for one in (*inside, UNKNOWN):
        yield Probe("person", {"person_id": one}, one)
        yield Probe("person_records", {"person_id": one}, one)
    for name in ("links_between", "involvements", "addresses", "people", "records_of"):
        for some in (inside, inside[:1], inside[1:3]):
            yield Probe(name, {"person_ids": some})
    yield from _by_worker(number, allowed is not None)
    if allowed is None:
        for row in part.person:
            yield Probe("record", {"record_id": row["record_id"]}, part.people["mosaic", row["record_id"]])
            named = {"surname": row["surname"], "dob": row["dob"]}
            yield Probe("search", named)


def _by_worker(number: int, scoped: bool) -> Iterator[Probe]:
    workers = [worker_of(number)] if scoped else [f"c{number}-worker{one}" for one in range(WORKERS)]
    for some in ([workers[0]], workers):
        for sources in (["mosaic"], []):
            for name in ("caseload", "caseload_units"):
                yield Probe(name, {"worker_ids": some, "sources": sources})


def answer(reader: Reader, probe: Probe) -> list[dict[str, object]]:
    """The rows of an answer in their order, without what is disclosed on purpose."""
    rows: Rows = ask(reader, probe.name, **probe.parameters)
    return [{column: value for column, value in row.items() if column not in EXCEPTIONS} for row in rows]
