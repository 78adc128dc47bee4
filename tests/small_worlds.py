"""Random small family networks, their reference answers by brute force and networkx, and the query of each.

The reference never asks an engine. Edges are numbered, so that parallel ones and loops count as Cypher counts them: a
path uses no edge twice.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import networkx as nx

from graph.bulk import EdgeRow, NodeRow

CODES = ("PARENT", "SIBLING", "FRIEND")
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)


class Link(NamedTuple):
    number: int
    a: str
    b: str
    code: str
    start: date | None


class Stay(NamedTuple):
    person: str
    place: str
    start: date | None
    end: date | None


@dataclass(frozen=True)
class World:
    """One network. Every id begins with its name, so that many worlds stand side by side in one graph."""

    name: str
    people: list[str]
    shielded: set[str]
    links: list[Link]
    stays: list[Stay]
    places: list[str]

    def rows(self) -> tuple[list[NodeRow], list[EdgeRow]]:
        nodes: list[NodeRow] = [("Person", {"person_id": p, "shielded": p in self.shielded}) for p in self.people]
        nodes += [("Address", {"address_id": place}) for place in self.places]
        edges: list[EdgeRow] = [
            ("RELATED_TO", "Person", a, "Person", b, {"code": code, "start": start, "source_row": str(number)})
            for number, a, b, code, start in self.links
        ]
        edges += [
            ("LIVED_AT", "Person", person, "Address", place, {"start": start, "end": end})
            for person, place, start, end in self.stays
        ]
        return nodes, edges

    def steps(self, person: str) -> Iterator[tuple[Link, str]]:
        """Every edge at a person and whom it leads to; a loop once."""
        for link in self.links:
            if link.a == person:
                yield link, link.b
            elif link.b == person:
                yield link, link.a

    def trails(self, start: str, longest: int, allowed: set[str] | None = None) -> Iterator[list[str]]:
        """People along every trail of one edge or more, in either direction, that stays among the allowed."""

        def go(path: list[str], used: frozenset[int]) -> Iterator[list[str]]:
            if len(path) > 1:
                yield path
            if len(path) <= longest:
                for link, other in self.steps(path[-1]):
                    if link.number not in used and (allowed is None or other in allowed):
                        yield from go([*path, other], used | {link.number})

        if allowed is None or start in allowed:
            yield from go([start], frozenset())

    def network(self) -> "nx.Graph[str]":
        graph: nx.Graph[str] = nx.Graph()
        graph.add_nodes_from(self.people)
        graph.add_edges_from((link.a, link.b) for link in self.links)
        return graph


@dataclass(frozen=True)
class Probe:
    """What one question is asked about."""

    a: str
    b: str
    code: str
    day: date
    allowed: set[str]


def world(seed: int) -> tuple[World, list[Probe]]:
    """A network and its probes, most of them aimed: at random, a pair mostly has nothing between it and no detour."""
    rng = random.Random(seed)
    name = f"w{seed}-"
    people = [f"{name}{letter}" for letter in "abcdefghi"[: rng.randint(3, 9)]]
    places = [f"{name}{number}" for number in range(rng.randint(1, 3))]
    ends = [(rng.choice(people), rng.choice(people)) for _ in range(rng.randint(1, len(people) + 3))]
    ring = rng.sample(people, min(len(people), 6))
    if seed % 2:
        ends += list(zip(ring, ring[1:] + ring[:1], strict=True))
    links = [Link(number, a, b, rng.choice(CODES), _day(rng)) for number, (a, b) in enumerate(ends)]
    stays = [Stay(rng.choice(people), rng.choice(places), _day(rng), _day(rng)) for _ in range(rng.randint(0, 8))]
    made = World(name, people, set(rng.sample(people, 1)), links, stays, places)

    def probe(a: str, b: str, allowed: set[str]) -> Probe:
        return Probe(a, b, rng.choice(CODES), date(rng.randint(2010, 2020), 1, 1), allowed)

    linked, anybody = rng.choice(ends), (rng.choice(people), rng.choice(people))
    return made, [
        probe(*linked, {*linked, *people[::2]}),
        probe(*anybody, set(rng.sample(people, rng.randint(1, len(people))))),
        probe(ring[0], ring[2], {*people} - {ring[1]}),  # with a ring: the short way is closed, the long one open
    ]


def _day(rng: random.Random) -> date | None:
    return None if rng.random() < 0.3 else date(rng.randint(2010, 2019), rng.randint(1, 12), rng.randint(1, 28))


Answer = list[tuple[object, ...]]


@dataclass(frozen=True)
class Shape:
    """A portable query with one right answer. Rows are compared without their order."""

    name: str
    text: str
    right: Callable[[World, Probe], Answer] = field(repr=False)


def _two_hops(w: World, p: Probe, first: bool = True) -> Answer:
    return [
        (one.b, two.b)
        for one in w.links
        for two in w.links
        if one.a == p.a and one.b == two.a and one.number != two.number and (one if first else two).code == p.code
    ]


def _shared(w: World, p: Probe) -> Answer:
    return [
        (his.person, his.place)
        for mine in w.stays
        for his in w.stays
        if mine.person == p.a != his.person
        and mine.place == his.place
        and (mine.start or FIRST_DAY) <= (his.end or LAST_DAY)
        and (his.start or FIRST_DAY) <= (mine.end or LAST_DAY)
    ]


def _reached(w: World, p: Probe, longest: int, allowed: set[str] | None) -> Answer:
    return sorted({(path[-1],) for path in w.trails(p.a, longest, allowed)})


def _lengths(w: World, p: Probe) -> Answer:
    lengths = [len(path) - 1 for path in w.trails(p.a, 4, p.allowed) if path[-1] == p.b]
    return [(min(lengths),)] if lengths else []


def _distance(w: World, p: Probe) -> Answer:
    if p.a == p.b or not nx.has_path(w.network(), p.a, p.b):
        return []
    length = nx.shortest_path_length(w.network(), p.a, p.b)
    return [(length,)] if length <= 4 else []


def _around(w: World, person: str) -> set[str]:
    return {other for _, other in w.steps(person)}


_A = "MATCH (a:Person {person_id: $a}) "

SHAPES = (
    Shape("by key", _A + "RETURN a.person_id, a.shielded", lambda w, p: [(p.a, p.a in w.shielded)]),
    Shape(
        "by a list of keys",
        "MATCH (n:Person) WHERE n.person_id IN $allowed RETURN n.person_id",
        lambda w, p: [(x,) for x in p.allowed],
    ),
    Shape(
        "neighbours either way",
        "MATCH (a:Person {person_id: $a})-[:RELATED_TO]-(n:Person) RETURN DISTINCT n.person_id",
        lambda w, p: [(x,) for x in _around(w, p.a)],
    ),
    Shape(
        "links out, with a date",
        "MATCH (a:Person {person_id: $a})-[r:RELATED_TO]->(n) WHERE r.start >= $day "
        "RETURN n.person_id, r.code, r.start",
        lambda w, p: [(x.b, x.code, x.start) for x in w.links if x.a == p.a and x.start and x.start >= p.day],
    ),
    Shape(
        "two hops, the first of one code",
        "MATCH (a:Person {person_id: $a})-[r:RELATED_TO {code: $code}]->(m)-[:RELATED_TO]->(n) "
        "RETURN m.person_id, n.person_id",
        _two_hops,
    ),
    Shape(
        "two hops, the first filtered in WHERE",
        "MATCH (a:Person {person_id: $a})-[r:RELATED_TO]->(m)-[:RELATED_TO]->(n) WHERE r.code = $code "
        "RETURN m.person_id, n.person_id",
        _two_hops,
    ),
    Shape(
        "two hops, the second of one code",
        "MATCH (a:Person {person_id: $a})-[:RELATED_TO]->(m)-[r:RELATED_TO]->(n) WHERE r.code = $code "
        "RETURN m.person_id, n.person_id",
        lambda w, p: _two_hops(w, p, first=False),
    ),
    Shape(
        "at the same address at the same time",
        "MATCH (a:Person {person_id: $a})-[mine:LIVED_AT]->(place:Address)<-[his:LIVED_AT]-(other:Person) "
        "WHERE other.person_id <> $a AND coalesce(mine.start, $first) <= coalesce(his.end, $last) "
        "AND coalesce(his.start, $first) <= coalesce(mine.end, $last) RETURN other.person_id, place.address_id",
        _shared,
    ),
    Shape(
        "everybody within three steps",
        "MATCH (a:Person {person_id: $a})-[:RELATED_TO*1..3]-(n:Person) RETURN DISTINCT n.person_id",
        lambda w, p: _reached(w, p, 3, None),
    ),
    Shape(
        "everybody within three steps, through the allowed only",
        "MATCH path = (a:Person {person_id: $a})-[:RELATED_TO*1..3]-(n:Person) "
        "WHERE all(x IN nodes(path) WHERE x.person_id IN $allowed) RETURN DISTINCT n.person_id",
        lambda w, p: _reached(w, p, 3, p.allowed),
    ),
    Shape(
        "how many trails",
        "MATCH path = (a:Person {person_id: $a})-[:RELATED_TO*1..3]-(n:Person) RETURN length(path), count(path)",
        lambda w, p: list(Counter(len(path) - 1 for path in w.trails(p.a, 3)).items()),
    ),
    Shape(
        "the shortest trail through the allowed",
        "MATCH path = (a:Person {person_id: $a})-[:RELATED_TO*1..4]-(b:Person {person_id: $b}) "
        "WHERE all(x IN nodes(path) WHERE x.person_id IN $allowed) "
        "RETURN length(path) AS n ORDER BY n LIMIT 1",
        _lengths,
    ),
    Shape(
        "distance, with nobody excluded",
        "MATCH (a:Person {person_id: $a}), (b:Person {person_id: $b}) WHERE $a <> $b "
        "MATCH path = shortestPath((a)-[:RELATED_TO*1..4]-(b)) RETURN length(path)",
        _distance,
    ),
    Shape(
        "who has no such link",
        "MATCH (n:Person) WHERE n.person_id IN $all AND NOT EXISTS { MATCH (n)-[:RELATED_TO {code: $code}]-(:Person) } "
        "RETURN n.person_id",
        lambda w, p: [(x,) for x in w.people if all(link.code != p.code for link, _ in w.steps(x))],
    ),
    Shape(
        "undated links to somebody at an address",
        "MATCH (a:Person {person_id: $a})-[r:RELATED_TO]->(n:Person) "
        "WHERE r.start IS NULL AND EXISTS { MATCH (n)-[:LIVED_AT]->(:Address) } RETURN n.person_id, r.source_row",
        lambda w, p: [
            (x.b, str(x.number))
            for x in w.links
            if x.a == p.a and x.start is None and any(stay.person == x.b for stay in w.stays)
        ],
    ),
    Shape(
        "how many neighbours each, counted in a subquery",
        "MATCH (n:Person) WHERE n.person_id IN $all "
        "RETURN n.person_id, COUNT { (n)-[:RELATED_TO]->(m:Person) WHERE m.person_id IN $allowed }",
        lambda w, p: [(x, sum(link.a == x and link.b in p.allowed for link in w.links)) for x in w.people],
    ),
    Shape(
        "dated links counted, or none",
        "UNWIND $all AS id MATCH (n:Person {person_id: id}) OPTIONAL MATCH (n)-[r:RELATED_TO]->(:Person) "
        "WHERE r.start >= $day RETURN n.person_id, count(r)",
        lambda w, p: [
            (x, sum(bool(link.a == x and link.start and link.start >= p.day) for link in w.links)) for x in w.people
        ],
    ),
    Shape(
        "links by code",
        "MATCH (n:Person)-[r:RELATED_TO]->(:Person) WHERE n.person_id IN $all RETURN r.code, count(*)",
        lambda w, p: list(Counter(link.code for link in w.links).items()),
    ),
)
