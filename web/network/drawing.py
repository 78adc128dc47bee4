"""The picture as data for the browser, built with pyvis and never its HTML. Directed: undirected drops second links.

Shapes follow genogram practice: a square for a male, a circle for a female, a triangle for an unborn child, a diamond
with a question mark where sex is not recorded, a cross for somebody who has died.
"""

import json
import textwrap
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pyvis.network import Network

from web.network.layout import ACROSS, Places
from web.network.picture import Edge, Kind, Node, Picture
from web.present.freshness import Sources, source_title
from web.present.rows import listed, unique
from web.present.words import FORMER

IN_DOUBT = "records in doubt"
"""Beside a name: two of the records joined as this person were decided to be of different people."""

LABELLED = 8
"""Links up to which every label is shown; beyond it only those of the chosen person."""

INK, GREY, BLUE, GREEN, PURPLE = "#0b0c0c", "#505a5f", "#1d70b8", "#00703c", "#4c2c92"
"""All at least 3 to 1 against white (WCAG 1.4.11)."""

_BOXES = {Kind.ADDRESSES: ("box", GREY), Kind.SERVICES: ("ellipse", GREEN), Kind.PRACTITIONERS: ("box", PURPLE)}

OPTIONS: dict[str, Any] = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {"dragNodes": True, "hover": True, "keyboard": False, "multiselect": False, "zoomView": False,
                    "selectConnectedEdges": False},
    "nodes": {
        "size": 21, "borderWidth": 2, "borderWidthSelected": 5, "labelHighlightBold": False,
        "font": {"face": "Arial", "size": 15, "color": INK, "vadjust": -2, "background": "#ffffff"},
        "widthConstraint": {"maximum": 190},
    },
    "edges": {
        "width": 2, "selectionWidth": 1, "smooth": False, "labelHighlightBold": False,
        "font": {"face": "Arial", "size": 14, "color": INK, "strokeWidth": 5, "strokeColor": "#ffffff",
                 "align": "horizontal"},
    },
}  # fmt: skip
"""Drawn where the server says, with no physics. Edge labels lie horizontally: vis-network misplaces other ones."""


def drawing(
    picture: Picture, places: Places, told: Mapping[str, Sequence[str]], sources: Sources,
    doubted: Collection[str] = (),
) -> dict[str, Any]:  # fmt: skip
    """Nodes, edges and options as vis-network takes them; the words beside each are for the tables.

    `told` names the sources that hold a record of each person; a place, service or worker comes from whoever links it.
    Beside the people who are `doubted` it says so.
    """
    network = Network(directed=True)
    for node in picture.nodes.values():
        named = _sources(node, picture, told)
        origin = {"sources": named, "from": listed(source_title(name, sources) for name in named)}
        drawn = replace(node, detail=_doubted(node.detail)) if node.id in doubted else node
        network.add_node(node.id, **_node(drawn, places, node.id == picture.centre), **origin)
    for edge in picture.in_reading_order():
        network.add_edge(edge.from_id, edge.to_id, **_edge(edge), **_bend(edge, picture, places))
    network.set_options(json.dumps(OPTIONS))
    nodes, edges, _, _, _, options = network.get_network_data()
    return {
        "centre": picture.centre,
        "nodes": nodes,
        "edges": edges,
        "options": json.loads(options),
        "labelled": len(picture.edges) <= LABELLED,
        "leftOut": picture.left_out,
    }


def _doubted(detail: str) -> str:
    return f"{detail}, {IN_DOUBT}" if detail else IN_DOUBT.capitalize()


def _sources(node: Node, picture: Picture, told: Mapping[str, Sequence[str]]) -> list[str]:
    if node.kind is Kind.PEOPLE:
        return list(told.get(node.id, ()))
    touching = (edge for edge in picture.edges.values() if node.id in (edge.from_id, edge.to_id))
    return sorted(unique(name for edge in touching for name in edge.sources))


def _node(node: Node, places: Places, centre: bool) -> dict[str, Any]:
    x, y = places[node.id]
    drawn = {"x": round(x), "y": round(y), "kind": node.kind.value, "name": node.name, "detail": node.detail}
    if node.kind is not Kind.PEOPLE:
        shape, colour = _BOXES[node.kind]
        dashes = [4, 3] if node.kind is Kind.PRACTITIONERS else False
        return drawn | {"shape": shape, "label": _box_label(node), "color": _colour(colour, "#ffffff"),
                        "shapeProperties": {"borderRadius": 0, "borderDashes": dashes}, "margin": 8,
                        "font": {"background": "none"}}  # fmt: skip
    fill = "#d2e2f1" if centre else "#ffffff"
    return drawn | {
        "shape": _shape(node),
        "label": "\n".join([*_name_lines(node), *([node.detail] if node.detail else [])]),
        "color": _colour(INK, fill),
        "borderWidth": 5 if centre else 2,
        "died": node.status in {"deceased", "stillborn", "miscarried"},
    }


def _shape(node: Node) -> str:
    if node.status in {"unborn", "miscarried", "stillborn"}:
        return "triangle"
    return {"M": "square", "F": "dot"}.get(node.sex, "diamond")


def _name_lines(node: Node) -> list[str]:
    first, _, last = node.name.rpartition(" ")
    unknown = node.sex not in ("M", "F") and _shape(node) == "diamond"
    return [*([first] if first else []), last + (" (sex not recorded)" if unknown else "")]


def _edge(edge: Edge) -> dict[str, Any]:
    line = GREY if edge.ended or edge.kind is not Kind.PEOPLE else INK
    return {
        "id": edge.id,
        "words": edge.words,
        "reads": edge.words + (" of" if edge.directed else "") + (" (ended)" if _ended(edge) else ""),
        "said": list(edge.said),
        "sources": list(edge.sources),
        "ended": edge.ended,
        "arrows": {"to": {"enabled": edge.directed, "scaleFactor": 0.6}},
        "color": {"color": line, "highlight": BLUE, "hover": BLUE, "inherit": False},
        "dashes": [2, 5] if edge.derived else [9, 6] if edge.ended else False,
        "label": edge.words if edge.kind is Kind.PEOPLE else "",
    }


def _ended(edge: Edge) -> bool:
    """Whether that it is over must be said: the words of a service or of a former partner say it themselves."""
    return edge.ended and edge.kind is Kind.PEOPLE and edge.code not in FORMER


def _bend(edge: Edge, picture: Picture, places: Places) -> dict[str, Any]:
    """Lines bend where they would lie on another line between the two, or on somebody who stands between them."""
    ends = {edge.from_id, edge.to_id}
    beside = [other.id for other in picture.edges.values() if {other.from_id, other.to_id} == ends]
    (start_x, start_y), (end_x, end_y) = places[edge.from_id], places[edge.to_id]
    over = 0.2 if start_y == end_y and abs(start_x - end_x) > ACROSS * 1.1 else 0.0
    roundness = over + 0.22 * beside.index(edge.id)
    if not roundness:
        return {}
    turn = "curvedCW" if start_x < end_x or not over else "curvedCCW"
    return {"smooth": {"enabled": True, "type": turn, "roundness": roundness}}


def _colour(border: str, fill: str) -> Mapping[str, Any]:
    chosen = {"border": BLUE, "background": fill}
    return {"border": border, "background": fill, "highlight": chosen, "hover": chosen}


def _box_label(node: Node) -> str:
    lines = textwrap.wrap(node.name, 22)
    if node.kind is Kind.PRACTITIONERS and node.detail:
        lines += textwrap.wrap(node.detail, 22)

    return "\n".join(lines)
