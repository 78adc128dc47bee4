"""The network picture as data: the whole picture for an address, so that a browser only adds what is new."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from web import audit
from web.desk.doubt import in_doubt
from web.network.drawing import drawing
from web.network.expand import choices, draw, read_additions
from web.page_frame import elsewhere
from web.permissions import Permission, requires
from web.unit import open_person

blueprint = Blueprint("network", __name__, url_prefix="/network")


@blueprint.get("/<person_id>.json")
@requires(Permission.OPEN_PERSON)
def data(person_id: str) -> ResponseReturnValue:
    """Nodes with their places, edges, what the chosen person (`of`) can be expanded by, and who was left out."""
    additions = read_additions(request.args.getlist("expand"))
    opened = open_person(person_id)
    if opened is None:
        return elsewhere(person_id)
    asking = opened.asking if not opened.restricted else _nothing
    drawn = draw(opened.centre, opened.family(), additions, asking, opened.sources, opened.on)
    chosen = request.args.get("of", person_id)
    offered = choices(drawn, chosen, asking)
    asked = {"person": person_id, "of": chosen, "expand": " ".join(map(str, additions))}
    audit.record("network opened", asked=asked, people=drawn.picture.people())
    told = opened.record_sources(drawn.picture.people())
    return jsonify(
        drawing(drawn.picture, drawn.places, told, opened.sources, in_doubt(opened.viewer, drawn.picture.people()))
        | {"of": chosen, "choices": [{"kind": one.kind, "words": one.words, "shown": one.shown} for one in offered]}
    )


def _nothing(name: str, /, **parameters: object) -> list[dict[str, object]]:
    """What a restricted record answers to every question."""
    return []
