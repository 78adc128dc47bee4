"""Expanding the picture on demand: the family first, then each addition asked for, in the order asked.

The whole picture is made again from the same address, so it never depends on what a browser remembers, works without
JavaScript, and cannot be led to anybody who does not stand in it already.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from graph.errors import NotFound, UsageError
from web.network.layout import Places, drawn_lines, place_additions, place_family
from web.network.picture import Edge, Kind, Node, Picture, family_picture, link_edges, person_node, telling
from web.present.dates import has_ended
from web.present.freshness import Sources
from web.present.happenings import still_so
from web.present.people import Person, person
from web.present.relationship import Relative
from web.present.rows import Row, day, flag, text

MOST = 30
"""Additions one address may ask for."""

EVENT = "event"
"""Edge label of a service that something which happened leads to (queries/network/neighbours.cypher)."""


class Asking(Protocol):
    """Asks the catalogue within the viewer's scope."""

    def __call__(self, name: str, /, **parameters: object) -> Iterable[Row]:
        """The rows of a named query."""


@dataclass(frozen=True, slots=True)
class Addition:
    """One request: show what of that kind stands round that person."""

    kind: Kind
    person_id: str

    def __str__(self) -> str:
        return f"{self.kind}.{self.person_id}"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture, its places, and what was added to it."""

    picture: Picture
    places: Places
    additions: tuple[Addition, ...]


def read_additions(texts: Sequence[str]) -> tuple[Addition, ...]:
    """The additions an address asks for, as `kind.person`. Raises UsageError for anything else, or too many."""
    if len(texts) > MOST:
        raise UsageError(f"A picture takes at most {MOST} additions. Start again from the family.")
    return tuple(dict.fromkeys(_addition(one) for one in texts))


def _addition(asked: str) -> Addition:
    kind, _, person_id = asked.partition(".")
    if kind not in {one.value for one in Kind} or not person_id:
        raise UsageError("An addition to the picture is a kind and a person, such as addresses.ID.")
    return Addition(Kind(kind), person_id)


def draw(
    centre: Person,
    family: Sequence[Relative],
    additions: Sequence[Addition],
    asking: Asking,
    sources: Sources,
    on: date,
) -> Drawn:
    """The family with each addition. Raises NotFound where an addition's person does not stand in the picture."""
    picture = family_picture(centre, family)
    added: list[tuple[str, list[Node]]] = []
    edges: list[Edge] = []
    for addition in additions:
        if addition.person_id not in picture.people():
            raise NotFound("That person is not in this picture.")
        rows = asking("neighbours", person_id=addition.person_id, kind=addition.kind.value)
        nodes, links = neighbours(addition, rows, sources, on)
        added.append((addition.person_id, picture.add(nodes)))
        edges += links
    picture.join(link_edges(asking("links_between", person_ids=picture.people()), picture.nodes, sources, on))
    places = place_family(_without(picture, added))
    lines = drawn_lines(picture, places)
    for anchor, fresh in added:
        place_additions(places[anchor], fresh, places, lines)
    picture.join(edges)
    return Drawn(picture, places, tuple(additions))


def _without(picture: Picture, added: Sequence[tuple[str, Sequence[Node]]]) -> Picture:
    """The family alone: what was added must not change where the family stands."""
    fresh = {node.id for _, nodes in added for node in nodes}
    nodes = {key: node for key, node in picture.nodes.items() if key not in fresh}
    edges = {key: edge for key, edge in picture.edges.items() if edge.from_id in nodes and edge.to_id in nodes}
    return Picture(picture.centre, nodes, edges)


def neighbours(addition: Addition, rows: Iterable[Row], sources: Sources, on: date) -> tuple[list[Node], list[Edge]]:
    """The nodes of neighbour rows, and their edges to the person. Links between people are asked for separately."""
    if addition.kind is Kind.PEOPLE:
        return [person_node(person(_as_person(row), on)) for row in rows], []
    pairs = [_around(addition, row, sources, on) for row in rows]
    return [node for node, _ in pairs], [edge for _, edge in pairs]


def _as_person(row: Row) -> Row:
    return {**row, "person_id": row["node_id"], "surname": row["label_text"]}


def _around(addition: Addition, row: Row, sources: Sources, on: date) -> tuple[Node, Edge]:
    """A place, service or worker and its link. Only a place people share as a home keeps one node for all of them."""
    own = addition.kind is not Kind.ADDRESSES or flag(row, "communal")
    start, end = day(row, "start"), day(row, "end")
    over = _is_over(addition.kind, row, end, on)
    node = Node(
        id=f"{addition.kind}:{f'{addition.person_id}:' if own else ''}{row['node_id']}",
        kind=addition.kind,
        name=text(row, "label_text") or "Not recorded",
        detail=_detail(addition.kind, row),
    )
    said = telling(row, start, end, sources, on)
    words, source = _WORDS[addition.kind](row, over), text(row, "source") or ""
    return node, Edge(addition.person_id, node.id, words, addition.kind, "", False, over, False, (said,), (source,))


def _is_over(kind: Kind, row: Row, end: date | None, on: date) -> bool:
    """Whether a link is of the past. What happened is, at once, unless it is of a kind that holds until it is ended."""
    if kind is Kind.SERVICES and text(row, "edge_label") == EVENT:
        return not still_so({"kind": row["detail"], "on": row["start"], "until": row["end"]}, on)
    return has_ended(end, on) or text(row, "status") == "closed"


def _detail(kind: Kind, row: Row) -> str:
    detail = text(row, "detail") or ""
    if kind is Kind.ADDRESSES:
        return f"{detail}, many people live here: it does not link them" if flag(row, "communal") else detail
    return detail if kind is Kind.PRACTITIONERS else ""


def _home(row: Row, over: bool) -> str:
    kind = text(row, "type") or text(row, "edge_label") or "home"
    place = {"home": "home", "placement": "placement", "correspondence": "letters only"}.get(kind, "other address")
    return f"earlier {place}" if over else place


def _worker(row: Row, over: bool) -> str:
    role = text(row, "edge_label") or "worker"
    return f"earlier {role[:1].lower()}{role[1:]}" if over else f"{role[:1].lower()}{role[1:]}"


_WORDS = {
    Kind.ADDRESSES: _home,
    Kind.SERVICES: lambda _row, over: "involved before" if over else "involved now",
    Kind.PRACTITIONERS: _worker,
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One kind a chosen person can be expanded by: how many there are, and whether they are all shown."""

    kind: Kind
    words: str
    count: int
    shown: bool


_NAMES: Mapping[Kind, tuple[str, str]] = {
    Kind.PEOPLE: ("linked person", "linked people"),
    Kind.ADDRESSES: ("address", "addresses"),
    Kind.SERVICES: ("service", "services"),
    Kind.PRACTITIONERS: ("practitioner", "practitioners"),
}


def choices(drawn: Drawn, person_id: str, asking: Asking) -> list[Choice]:
    """What a chosen person can be expanded by, with counts first. Raises NotFound where they are not in the picture."""
    if person_id not in drawn.picture.people():
        raise NotFound("That person is not in this picture.")
    counts = {str(row["kind"]): row["n"] for row in asking("neighbour_counts", person_id=person_id)}
    return [_choice(drawn, person_id, kind, counts.get(kind.value)) for kind in Kind]


def _choice(drawn: Drawn, person_id: str, kind: Kind, count: object) -> Choice:
    number = count if isinstance(count, int) else 0
    done = Addition(kind, person_id) in drawn.additions or drawn.picture.neighbours(person_id, kind) >= number
    return Choice(kind, f"{number} {_NAMES[kind][0 if number == 1 else 1]}", number, done)
