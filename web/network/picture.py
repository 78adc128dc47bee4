"""What the network picture holds: people, the places, services and workers round them, and the links between.

A service or a worker is drawn once for each person, so that working with the same one never joins two people. At most
`LARGEST` things are drawn; whoever does not fit is named.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from graph.vocabulary import code
from web.present.dates import day_words, has_ended, span_words
from web.present.freshness import Sources, source_title
from web.present.people import Person
from web.present.relationship import Relative
from web.present.rows import Row, day, text, unique
from web.present.words import NOT_NOUNS, word

LARGEST = 60
"""Things in one picture: above this no label can be read (measured)."""


class Kind(StrEnum):
    """What a node is, and what a person can be expanded by."""

    PEOPLE = "people"
    ADDRESSES = "addresses"
    SERVICES = "services"
    PRACTITIONERS = "practitioners"


@dataclass(frozen=True, slots=True)
class Node:
    """One thing in the picture. `generation` is how many generations above the centre, None where that is not known."""

    id: str
    kind: Kind
    name: str
    detail: str
    sex: str = ""
    status: str = "alive"
    dob: date | None = None
    category: str = ""
    generation: int | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """One link: "(from) is the `words` of (to)" where `directed`. `said` holds who says so, when it held, and how fresh
    that is; `sources` the names of those who say so.
    """

    from_id: str
    to_id: str
    words: str
    kind: Kind
    code: str
    directed: bool
    ended: bool
    derived: bool
    said: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def id(self) -> str:
        """A name of its own within the picture."""
        return "|".join((self.from_id, self.to_id, self.code or self.words, "ended" if self.ended else "current"))


@dataclass(slots=True)
class Picture:
    """Everything drawn, in a stable order, and the names of what was left out."""

    centre: str
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: dict[str, Edge] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    def add(self, nodes: Iterable[Node]) -> list[Node]:
        """Add what is not there yet and fits; returns what was added."""
        added: list[Node] = []
        for node in nodes:
            if node.id in self.nodes:
                continue
            if len(self.nodes) >= LARGEST:
                self.left_out = unique([*self.left_out, node.name])
                continue
            self.nodes[node.id] = node
            added.append(node)
        return added

    def join(self, edges: Iterable[Edge]) -> None:
        """Add the links whose two ends are drawn; links that say the same become one that names all its sources."""
        for edge in edges:
            if edge.from_id not in self.nodes or edge.to_id not in self.nodes:
                continue
            known = self.edges.get(edge.id)
            if known is None:
                self.edges[edge.id] = edge
                continue
            said, sources = unique([*known.said, *edge.said]), unique([*known.sources, *edge.sources])
            self.edges[edge.id] = replace(edge, said=tuple(said), sources=tuple(sources))

    def in_reading_order(self) -> list[Edge]:
        """The links of the centre first, then those of each other in the order they stand in the picture."""
        places = {node_id: place for place, node_id in enumerate(self.nodes)}
        return sorted(self.edges.values(), key=lambda edge: sorted((places[edge.from_id], places[edge.to_id])))

    def people(self) -> list[str]:
        """Ids of the people drawn, the centre first."""
        return [node.id for node in self.nodes.values() if node.kind is Kind.PEOPLE]

    def neighbours(self, person_id: str, kind: Kind) -> int:
        """How many things of a kind already stand beside a person."""
        ends = {
            edge.to_id if edge.from_id == person_id else edge.from_id
            for edge in self.edges.values()
            if person_id in (edge.from_id, edge.to_id)
        }
        return sum(1 for end in ends if self.nodes[end].kind is kind)


def family_picture(centre: Person, family: Sequence[Relative]) -> Picture:
    """The centre and the linked people, before any link is drawn."""
    picture = Picture(centre.id)
    picture.add([person_node(centre, generation=0)])
    picture.add(
        person_node(one.person, code(one.main.code).generation_offset, code(one.main.code).category) for one in family
    )
    return picture


def person_node(who: Person, generation: int | None = None, category: str = "") -> Node:
    """A person as a node."""
    detail = who.status_words or who.age_words or ("" if who.dob is None else who.born)
    return Node(who.id, Kind.PEOPLE, who.name, detail, who.sex, who.status, who.dob, category, generation)


def link_edges(rows: Iterable[Row], nodes: Mapping[str, Node], sources: Sources, on: date) -> list[Edge]:
    """The edges of link rows among people that are drawn."""
    return [
        _link_edge(row, nodes, sources, on)
        for row in rows
        if text(row, "from_id") in nodes and text(row, "to_id") in nodes
    ]


def _link_edge(row: Row, nodes: Mapping[str, Node], sources: Sources, on: date) -> Edge:
    from_id, to_id, name = str(row["from_id"]), str(row["to_id"]), text(row, "code") or "UNKNOWN"
    symmetric = code(name).symmetric
    said = word(name, None if symmetric else nodes[from_id].sex)
    start, end = day(row, "start"), day(row, "end")
    return Edge(
        from_id=from_id,
        to_id=to_id,
        words=said[:1].lower() + said[1:],
        kind=Kind.PEOPLE,
        code=name,
        directed=not symmetric and name not in NOT_NOUNS,
        ended=has_ended(end, on),
        derived=text(row, "basis") == "derived",
        said=(telling(row, start, end, sources, on),),
        sources=(text(row, "source") or "",),
    )


def telling(row: Row, start: date | None, end: date | None, sources: Sources, on: date) -> str:
    """Who says it, when it held, and when that was last updated."""
    updated = day(row, "updated_on")
    fresh = f"last updated {day_words(updated)}" if updated else "last update not recorded"
    return f"{source_title(text(row, 'source') or '', sources)}, {span_words(start, end, on)} ({fresh})"
