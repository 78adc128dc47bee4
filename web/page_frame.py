"""What every page about a person stands in: its head, notices of decisions, the restricted page, and where an old id
leads. Asks nothing about the family.
"""

from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.desk.doubt import notices
from web.errors import not_found
from web.present.dates import day_words
from web.present.sentence import restricted_sentence
from web.unit import Opened, moved_to, open_person
from web.viewer import web_settings


def person_frame(opened: Opened, tab: str) -> dict[str, object]:
    """What the head of every person page needs."""
    days = (date.today() - opened.on).days
    return {
        "opened": opened,
        "person": opened.centre,
        "tab": tab,
        "as_at": day_words(opened.on),
        "days_old": days if days > web_settings().stale_days else 0,
        "leeds": bool(opened.viewer.unit_sources()),
        "notices": [] if opened.restricted else notices(opened),
    }


def restricted(opened: Opened, tab: str) -> str:
    """The same few facts on every page of a person whose record is restricted for this viewer."""
    return render_template("restricted.html", **person_frame(opened, tab), sentence=restricted_sentence(opened.centre))


def elsewhere(person_id: str) -> ResponseReturnValue:
    """Where an id that is no longer in use leads: the same page of the person it became, where this viewer may open
    them. Any other id is not found, all alike.
    """
    new = moved_to(person_id)
    if new is None or open_person(new) is None:
        return not_found()
    return redirect(url_for(request.endpoint or "", **{**(request.view_args or {}), "person_id": new}))
