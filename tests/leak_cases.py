"""Many small random families side by side in one graph, and every question of the catalogue worth asking about them.

Made from fixed seeds: a leak that is caught once is caught every time.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import networkx as nx

from graph.bolt import Reader, Rows
from graph.bulk import EdgeRow, NodeRow
from graph.classes import VisibilityClass
from graph.schema import NODES
from loaders.refresh.classes import ClassGraph
from queries.catalogue import ask
from tests.leak_facts import EXCEPTIONS, WORKERS, merged, services_of
from tests.small_council import Facts, connection_of

KINDS = ("people", "addresses", "services", "practitioners")
UNKNOWN = "nobody-of-this-id"
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
    led = {spell for spell, worker, _ in rows.linked("LED_BY") if worker.partition(":")[2] == worker_of(number)}
    own = {person for person, spell, _ in rows.linked("HAD") if spell in led & open_now}
    ends = [(a, b) for a, b, _ in rows.linked("RELATED_TO")]
    return own | {b for a, b in ends if a in own} | {a for a, b in ends if b in own}


_KEYS = {kind.label: kind.key for kind in NODES}
_HOLDERS = {
    "Record": {"Person"}, "Involvement": {"Person"}, "Plan": {"Person"}, "Address": {"Person"},
    "Event": {"Person", "Address"}, "Practitioner": {"Involvement"}, "Organisation": {"Practitioner"},
    "Service": {"Involvement", "Plan", "Event"},
}  # fmt: skip
"""For whose sake alone a node is in a graph, in an order that leaves nothing to look at twice."""


def cut(rows: GraphRows, allowed: set[str]) -> GraphRows:
    """The graph with everybody else taken out, and with them what is only theirs: records, spells, plans, events;
    workers and services of nobody else; places where nobody else lived, and what is told of those.
    """
    left: nx.Graph[tuple[str, Any]] = nx.Graph()
    left.add_nodes_from((label, properties[_KEYS[label]]) for label, properties in rows.nodes)
    left.add_edges_from(((edge[1], edge[2]), (edge[3], edge[4])) for edge in rows.edges)
    left.remove_nodes_from([node for node in left if node[0] == "Person" and node[1] not in allowed])
    for label, holders in _HOLDERS.items():
        of_nobody = [n for n in left if n[0] == label and not any(other[0] in holders for other in left[n])]
        left.remove_nodes_from(of_nobody)
    nodes = [(label, properties) for label, properties in rows.nodes if (label, properties[_KEYS[label]]) in left]
    return GraphRows(nodes, [edge for edge in rows.edges if (edge[1], edge[2]) in left and (edge[3], edge[4]) in left])


def without_communal(rows: GraphRows) -> GraphRows:
    """The graph in which nobody ever lived at a place that links nobody."""
    communal = {one["address_id"] for label, one in rows.nodes if label == "Address" and one["communal"]}
    edges = [edge for edge in rows.edges if edge[0] != "LIVED_AT" or edge[4] not in communal]
    return GraphRows(rows.nodes, edges)


def probes(
    number: int, part: Facts, visibility: VisibilityClass, allowed: set[str] | None, *graphs: GraphRows
) -> Iterator[Probe]:
    """Every question worth asking of one family; with `allowed`, only those a scoped viewer can put. The places asked
    about are those of the `graphs`.
    """
    ids = [key_of(visibility, "Person", person) for person in dict.fromkeys(part.people.values())]
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
    for name in ("links_between", "involvements", "plans", "events", "addresses", "people", "records_of"):
        for some in (inside, inside[:1], inside[1:3]):
            yield Probe(name, {"person_ids": some})
    lived = sorted({place for rows in graphs for person, place, _ in rows.linked("LIVED_AT") if person in inside})
    for places in ([*lived, UNKNOWN], lived[:1], lived[1:]):
        yield Probe("place_facts", {"address_ids": places})
    yield from _by_worker(number, allowed is not None)
    if allowed is None:
        for row in part.person:
            yield Probe("record", {"record_id": row["record_id"]}, part.people[row["source"], row["record_id"]])
            yield Probe("records_by_key", {"record_keys": [f"{row['source']}:{row['record_id']}", "mosaic:0"]})
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
