"""One person: overview, family and services. Reads only, by opaque id; every id a page shows goes to the audit."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web import audit
from web.desk.doubt import in_doubt
from web.network.drawing import drawing
from web.network.expand import choices, draw, read_additions
from web.page_frame import elsewhere, person_frame, restricted
from web.permissions import Permission, requires
from web.present.flags import flags_by_person
from web.present.people import Person, record_facts
from web.present.places import Home, address_disagreement, homes, place_facts
from web.present.relationship import Relative
from web.present.sentence import family_sentence
from web.present.services import FACE_WORDS, coverage, faces
from web.unit import Opened, ids, open_person

blueprint = Blueprint("person", __name__, url_prefix="/person/<person_id>")


@blueprint.app_template_filter("capitalize_first")
def capitalize_first(words: str) -> str:
    """The words as a sentence begins, the rest as it stands (Jinja's own filter lowers it)."""
    return words[:1].upper() + words[1:]


@blueprint.get("")
@requires(Permission.OPEN_PERSON)
def page(person_id: str) -> ResponseReturnValue:
    """Who this is: a sentence, the facts with their sources, and the people linked to them."""
    opened = open_person(person_id)
    if opened is None:
        return elsewhere(person_id)
    family = opened.family()
    audit.record("person opened", asked={"person": person_id}, people=ids(opened.centre, family))
    if opened.restricted:
        return restricted(opened, "overview")
    lived = homes(opened.asking("addresses", person_ids=[person_id]), opened.sources, opened.on)
    records = opened.asking("person_records", person_id=person_id)
    said = opened.asking("place_facts", address_ids=[home.address_id for home in lived])
    return render_template(
        "person.html",
        **person_frame(opened, "overview"),
        **_sentence(opened, lived, family),
        facts=record_facts(records, opened.sources),
        homes=lived,
        place_facts=place_facts(lived, said, opened.sources, opened.on),
        address_disagreement=address_disagreement(lived),
        **_list(opened, family),
    )


@blueprint.get("/family")
@requires(Permission.OPEN_PERSON)
def family(person_id: str) -> ResponseReturnValue:
    """The family: a sentence, the list, then the picture with the same people and links in tables."""
    additions = read_additions(request.args.getlist("expand"))
    opened = open_person(person_id)
    if opened is None:
        return elsewhere(person_id)
    linked = opened.family()
    if opened.restricted:
        audit.record("family opened", asked={"person": person_id}, people=[person_id])
        return restricted(opened, "family")
    chosen = request.args.get("of", person_id)
    drawn = draw(opened.centre, linked, additions, opened.asking, opened.sources, opened.on)
    offered = choices(drawn, chosen, opened.asking)
    shown = [*ids(opened.centre, linked), *drawn.picture.people()]
    asked = {"person": person_id, "of": chosen, "expand": " ".join(map(str, additions))}
    audit.record("family opened", asked=asked, people=shown)
    lived = homes(opened.asking("addresses", person_ids=[person_id]), opened.sources, opened.on)
    people = _list(opened, linked)
    return render_template(
        "family.html",
        **person_frame(opened, "family"),
        **_sentence(opened, lived, linked),
        **people,
        drawn=drawn,
        chosen=chosen,
        choices=offered,
        network=drawing(
            drawn.picture,
            drawn.places,
            opened.record_sources(drawn.picture.people(), people["told"]),
            opened.sources,
            in_doubt(opened.viewer, drawn.picture.people()),
        ),
    )


@blueprint.get("/services")
@requires(Permission.OPEN_PERSON)
def services(person_id: str) -> ResponseReturnValue:
    """Every service and this person: involved now, before, nothing held, or not searched and why."""
    opened = open_person(person_id)
    if opened is None:
        return elsewhere(person_id)
    back = _came_from(request.args.get("from", ""), person_id)
    audit.record("services opened", asked={"person": person_id}, people=[person_id, *([back.id] if back else [])])
    if opened.restricted:
        return restricted(opened, "services")
    found = faces(opened.held([person_id]), opened.sources, opened.centre.age, opened.on, opened.viewer.visibility)
    return render_template(
        "services.html",
        **person_frame(opened, "services"),
        back=back,
        told=opened.told(()),
        groups=FACE_WORDS,
        faces=found,
        coverage=coverage(found, opened.sources),
    )


def _sentence(opened: Opened, lived: Sequence[Home], family: Sequence[Relative]) -> dict[str, str]:
    """The family in words, and the names of the sources of the person, places and links it speaks of."""
    told = [opened.source, *(one.provenance for home in lived for one in home.residences)]
    told += [link.provenance for relative in family for link in relative.links]
    return {
        "sentence": family_sentence(opened.centre, lived, family, opened.linker_titles, opened.within),
        "sentence_sources": " ".join(sorted({one.source for one in told})),
    }


def _list(opened: Opened, linked: Sequence[Relative]) -> dict[str, Any]:
    """What the list of linked people needs: their service flags, and where each name leads."""
    centre = opened.centre.id
    here: dict[str, Any] = {"from": centre}
    return {
        "family": linked,
        "told": opened.told(linked),
        "flags": flags_by_person(opened.held(ids(opened.centre, linked)), opened.sources, opened.on),
        "doubted": in_doubt(opened.viewer, ids(opened.centre, linked)),
        "hrefs": {one.person.id: url_for("person.services", person_id=one.person.id, **here) for one in linked},
    }


def _came_from(person_id: str, shown: str) -> Person | None:
    """The person whose family page led here, where this viewer may open them."""
    if not person_id or person_id == shown:
        return None
    opened = open_person(person_id)
    return opened.centre if opened else None
