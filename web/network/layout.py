"""Where each thing stands: generations as rows, couples side by side, others beside them; additions round their person.

Deterministic, and what is once placed never moves: an addition only looks for free room. Lengths are in the picture's
own units, about one pixel each.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from web.network.picture import Node, Picture

Point = tuple[float, float]
Places = dict[str, Point]
Line = tuple[Point, Point]

ACROSS = 200.0
"""Between two people of a row: their names fit."""
DOWN = 190.0
"""Between two generations: a name and a label of a link fit."""
FURTHER = 255.0
"""From the next generation to the one beyond: the label of a line from there stands clear of the row between."""
WIDEST = 8
"""People in a row; a longer generation takes a second row."""
CLEARANCE = 55.0
"""A line from the centre passes no nearer to anybody else, where that can be had."""
_ROOM_X, _ROOM_Y = 185.0, 95.0
_NEAREST = 190.0
_OFF_LINE = 62.0
_OFFSETS = sorted(
    (
        (across * _ROOM_X / 2, down * _ROOM_Y / 2)
        for across in range(-12, 13)
        for down in range(-14, 15)
        if math.hypot(across * _ROOM_X, down * _ROOM_Y) / 2 >= _NEAREST
    ),
    key=lambda offset: (round(math.hypot(*offset), 3), offset),
)


def place_family(picture: Picture) -> Places:
    """Places of the centre and the family, before anything is added."""
    centre = picture.nodes[picture.centre]
    partners = _partners(picture)
    rows: dict[int, list[Node]] = {}
    beside: list[Node] = []
    for node in picture.nodes.values():
        if node.id == centre.id:
            continue
        if node.generation is None:
            beside.append(node)
        else:
            rows.setdefault(node.generation, []).append(node)
    places: Places = {}
    _place_own_row(centre, rows.pop(0, []), places)
    for direction in (-1.0, 1.0):
        y = 0.0
        for generation in sorted((one for one in rows if one * direction < 0), key=abs):
            y = _place_row(_coupled(rows[generation], partners), y, direction, places)
    _place_beside(beside, places)
    return places


def place_additions(anchor: Point, additions: Sequence[Node], places: Places, lines: list[Line]) -> None:
    """Give each addition the nearest free room round its anchor, off the lines so far; its own line joins them."""
    for node in additions:
        places[node.id] = next(_free(anchor, list(places.values()), lines))
        lines.append((anchor, places[node.id]))


def drawn_lines(picture: Picture, places: Places) -> list[Line]:
    """The stretches between placed things that are linked."""
    pairs = ((edge.from_id, edge.to_id) for edge in picture.edges.values())
    return [(places[start], places[end]) for start, end in pairs if start in places and end in places]


def _place_own_row(centre: Node, row: Sequence[Node], places: Places) -> None:
    """Older siblings to the left, partners and younger siblings to the right, the centre at the origin."""
    partners = sorted((node for node in row if node.category == "partner"), key=_age)
    others = sorted((node for node in row if node.category != "partner"), key=_age)
    older = [node for node in others if _age(node) < _age(centre)]
    younger = [node for node in others if _age(node) >= _age(centre)]
    places[centre.id] = (0.0, 0.0)
    for step, node in enumerate(reversed(older), start=1):
        places[node.id] = (-step * ACROSS, 0.0)
    for step, node in enumerate([*partners, *younger], start=1):
        places[node.id] = (step * ACROSS, 0.0)


def _place_row(row: Sequence[Node], y: float, direction: float, places: Places) -> float:
    """Place a generation beyond `y`, in as many rows as it needs; returns the last row's y."""
    for first in range(0, len(row), WIDEST):
        part = row[first : first + WIDEST]
        y += direction * (DOWN if y == 0 else FURTHER)
        taken = [point for point in places.values() if point != (0.0, 0.0)]
        width = (len(part) - 1) * ACROSS
        shift = _clearest((ACROSS * step / 3 for step in (0, 1, -1, 2, -2, 3, -3)), part, y, width, taken)
        for index, node in enumerate(part):
            places[node.id] = (index * ACROSS - width / 2 + shift, y)
    return y


def _clearest(shifts: Iterable[float], row: Sequence[Node], y: float, width: float, taken: Sequence[Point]) -> float:
    """The smallest shift of a row whose lines to the centre pass nearest to nobody."""

    def blocked(shift: float) -> int:
        ends = [(index * ACROSS - width / 2 + shift, y) for index in range(len(row))]
        return sum(1 for end in ends for point in taken if _from_line(point, (0.0, 0.0), end) < CLEARANCE)

    return min(shifts, key=lambda shift: (blocked(shift), abs(shift), shift))


def _place_beside(nodes: Sequence[Node], places: Places) -> None:
    """People of no known generation stand in columns to the right, above the centre's row."""
    edge = max(x for x, _ in places.values()) + ACROSS * 1.25
    ordered = sorted(nodes, key=lambda node: (node.category, _age(node), node.name, node.id))
    for index, node in enumerate(ordered):
        column, step = divmod(index, WIDEST)
        places[node.id] = (edge + column * ACROSS, -0.45 * DOWN + (step - min(len(ordered), WIDEST) // 2) * DOWN)


def _coupled(row: Sequence[Node], partners: Mapping[str, set[str]]) -> list[Node]:
    """Nearest kin in the middle, the wider family outside, and partners side by side; the older first."""
    near = _pairs(sorted((node for node in row if node.category != "extended"), key=_age), partners)
    far = sorted((node for node in row if node.category == "extended"), key=_age)
    if not near:
        return _pairs(far, partners)
    half = len(far) // 2
    return [*far[:half], *near, *far[half:]]


def _pairs(row: Sequence[Node], partners: Mapping[str, set[str]]) -> list[Node]:
    ordered: list[Node] = []
    for node in row:
        if node in ordered:
            continue
        ordered.append(node)
        ordered += [other for other in row if other.id in partners.get(node.id, set()) and other not in ordered]
    return ordered


def _partners(picture: Picture) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for edge in picture.edges.values():
        if edge.words in {"partner", "spouse", "civil partner", "former partner", "former spouse", "co-parent"}:
            found.setdefault(edge.from_id, set()).add(edge.to_id)
            found.setdefault(edge.to_id, set()).add(edge.from_id)
    return found


def _free(anchor: Point, taken: Sequence[Point], lines: Sequence[Line]) -> Iterator[Point]:
    """Free places round an anchor, nearest first: those on no line and with a clear line of their own come first."""
    others = [point for point in taken if point != anchor]
    roomy = [slot for slot in _slots(anchor) if all(_apart(slot, point) for point in taken)]
    yield from (
        slot
        for slot in roomy
        if all(_from_line(point, anchor, slot) >= _OFF_LINE for point in others)
        and all(_from_line(slot, *line) >= _OFF_LINE for line in lines)
    )
    yield from roomy


def _slots(anchor: Point) -> Iterator[Point]:
    return ((anchor[0] + x, anchor[1] + y) for x, y in _OFFSETS)


def _apart(one: Point, other: Point) -> bool:
    return abs(one[0] - other[0]) >= _ROOM_X or abs(one[1] - other[1]) >= _ROOM_Y


def _from_line(point: Point, start: Point, end: Point) -> float:
    """Distance of a point from the stretch between two others."""
    (px, py), (ax, ay), (bx, by) = point, start, end
    length = (bx - ax) ** 2 + (by - ay) ** 2
    along = 0.0 if not length else max(0.0, min(1.0, ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length))
    return math.hypot(px - ax - along * (bx - ax), py - ay - along * (by - ay))


def _age(node: Node) -> tuple[date, str, str]:
    return (node.dob or date.max, node.name, node.id)
