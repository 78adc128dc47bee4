"""Why a person's records were joined, and why two people were not: for everybody who may open them.

Reads only. A case ID that is typed is sent in a form and leads to an address without it.
"""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web import audit
from web.caseload import Listed, in_list
from web.desk.cases import Desk
from web.desk.doubt import in_doubt
from web.desk.joined import CHOOSE, MOST, between, held, sentence, within
from web.errors import not_found
from web.forms import read
from web.page_frame import elsewhere, person_frame, restricted
from web.permissions import Permission, may, requires
from web.searches import find as find_people
from web.searches import last_typed
from web.unit import Opened, open_person
from web.viewer import web_settings

blueprint = Blueprint("records", __name__, url_prefix="/person/<person_id>")

OFFERED = 10
"""People of the last search offered to be compared."""

LONGEST = 40
"""Characters taken of a case ID."""


@blueprint.get("/records")
@requires(Permission.OPEN_PERSON)
def page(person_id: str) -> ResponseReturnValue:
    """Which records were joined as this person, and on what basis."""
    opened = open_person(person_id)
    if opened is None:
        return elsewhere(person_id)
    others = [] if opened.restricted else _last_found(opened)
    audit.record("records opened", asked={"person": person_id}, people=[person_id, *(one.person_id for one in others)])
    return restricted(opened, "records") if opened.restricted else _page(opened, others=others)


@blueprint.post("/records")
@requires(Permission.OPEN_PERSON)
def find(person_id: str) -> ResponseReturnValue:
    """Find the other person by a case ID, and go to why the two were not joined."""
    opened = open_person(person_id)
    if opened is None:
        return not_found()
    typed = "".join(one for one in request.form.get("record_id", "") if one.isprintable()).strip()[:LONGEST]
    rows = opened.asking("record", record_id=typed) if typed and not opened.restricted else ()
    found = [one for one in dict.fromkeys(str(row["person_id"]) for row in rows) if one != person_id]
    allowed = [other for one in found if (other := open_person(one)) is not None and not other.restricted]
    asked = {"person": person_id, "record_id": typed}
    audit.record("other person looked for", asked=asked, people=[person_id, *(one.centre.id for one in allowed)])
    if opened.restricted:
        return restricted(opened, "records")
    if len(allowed) == 1:
        return redirect(url_for("records.apart", person_id=person_id, other=allowed[0].centre.id), 303)
    problem = "" if allowed else "Enter the ID of another person’s record, as its source writes it"
    if typed and not allowed:
        problem = "You can open nobody else whose record has that ID"
    return _page(opened, typed=typed, problem=problem, choices=[one.centre for one in allowed]), 400 if problem else 200


@blueprint.get("/apart/<other>")
@requires(Permission.OPEN_PERSON)
def apart(person_id: str, other: str) -> ResponseReturnValue:
    """Why two people were not joined: their records pair by pair."""
    one, two = open_person(person_id), open_person(other)
    if one is None or two is None or one.restricted or two.restricted or one.centre.id == two.centre.id:
        return not_found()
    people = [one.centre.id, two.centre.id]
    audit.record("two people compared", asked={"person": person_id, "other": other}, people=people)
    desk = Desk(one.viewer)
    rows, others = (list(who.asking("person_records", person_id=who.centre.id)) for who in (one, two))
    told = between(desk, rows, others, one.sources)
    return render_template(
        "apart.html",
        people=[one.centre, two.centre],
        origins=[one.source.source, two.source.source],
        records=[held(each, one.sources) for each in (rows, others)],
        doubted=in_doubt(one.viewer, people),
        told=[pair for pair in told if pair.drawn][:MOST],
        unscored=[pair for pair in told if not pair.drawn][:MOST],
        reviews=may(one.viewer.role, Permission.REVIEW),
    )


def _page(opened: Opened, **found: Any) -> str:
    rows = list(opened.asking("person_records", person_id=opened.centre.id))
    records = held(rows, opened.sources)
    told = within(Desk(opened.viewer), rows, opened.sources)
    return render_template(
        "records.html",
        **person_frame(opened, "records"),
        told=opened.told(()),
        records=records,
        sentence=sentence(opened.centre.name, records),
        pairs=[pair for pair in told if pair.drawn],
        unscored=[pair for pair in told if not pair.drawn],
        chosen_badly=CHOOSE in request.args,
        reviews=may(opened.viewer.role, Permission.REVIEW),
        has_errors=bool(found.get("problem")) or CHOOSE in request.args,
        **{"typed": "", "problem": "", "choices": [], "others": [], **found},
    )


def _last_found(opened: Opened) -> list[Listed]:
    """The people this reader searched for last, but for this one and restricted ones."""
    form = read(last_typed(), web_settings())
    hits = [hit.record for hit in find_people(opened.viewer, form).hits if hit.person_id != opened.centre.id]
    people = in_list(opened.viewer, hits[:OFFERED], {}, opened.sources, opened.on)
    return [one for one in people if not one.restricted]
