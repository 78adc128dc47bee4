"""Finding a person: on one's caseload (Leeds), or anybody (Stockport). Nothing typed ever goes into a URL.

What was typed is kept in the user's session under a random id, and the results are a page of their own, so that back
and refresh ask nothing again from the user. Every person listed is in the audit.
"""

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web import audit, forms
from web.caseload import Listed, caseload_list, holder_of_case, in_list
from web.permissions import Permission, requires
from web.present.freshness import Sources, read_sources
from web.searches import find, keep, kept, last_typed, leeds
from web.viewer import build_sources, current_viewer, live_build, web_settings

blueprint = Blueprint("search", __name__, url_prefix="/search")


@blueprint.get("")
@requires(Permission.SEARCH)
def page() -> ResponseReturnValue:
    """The form, empty; in Leeds with the viewer's caseload below it."""
    return _form(forms.SearchForm({}))


@blueprint.get("/change")
@requires(Permission.SEARCH)
def change() -> ResponseReturnValue:
    """The form as it was last filled in."""
    return _form(forms.SearchForm(last_typed()))


@blueprint.post("")
@requires(Permission.SEARCH)
def submit() -> ResponseReturnValue:
    """Take what was typed: a case ID on the caseload opens the record, anything else leads to the results."""
    viewer = current_viewer()
    form = forms.read(request.form, web_settings())
    if form.query is None:
        audit.record("search refused: too little given", asked=form.typed, people=[])
        return _form(form), 400
    token = keep(form.typed)
    found = holder_of_case(viewer, form.typed["case_id"]) if "case_id" in form.typed else None
    audit.record("search", asked=form.typed, people=[found] if found else [])
    if found:
        return redirect(url_for("person.page", person_id=found), 303)
    return redirect(url_for("search.results", token=token), 303)


@blueprint.get("/results/<token>")
@requires(Permission.SEARCH)
def results(token: str) -> ResponseReturnValue:
    """Who fits, each with the reasons and enough to tell two people apart."""
    viewer = current_viewer()
    typed = kept().get(token)
    form = forms.read(typed, web_settings()) if typed else None
    if form is None or form.query is None:
        return redirect(url_for("search.page"))
    found = find(viewer, form)
    reasons = {hit.person_id: tuple(hit.reasons) for hit in found.hits}
    people = in_list(viewer, [hit.record for hit in found.hits], reasons, _sources(), live_build().as_at)
    audit.record("search results", asked=form.typed, people=[one.person_id for one in people])
    asked = forms.summary(form.typed) if people else ""
    return render_template("results.html", people=people, more=found.more, asked=asked, leeds=leeds())


def _form(form: forms.SearchForm) -> str:
    settings = web_settings()
    viewer = current_viewer()
    people: Sequence[Listed] = caseload_list(viewer, _sources(), live_build().as_at) if leeds() else ()
    if people:
        audit.record("caseload", asked={}, people=[one.person_id for one in people])
    return render_template(
        "search.html",
        form=form,
        fields=forms.fields(settings),
        labels=forms.LABELS,
        people=people,
        leeds=leeds(),
        has_errors=bool(form.problems),
    )


def _sources() -> Sources:
    return read_sources(build_sources(), live_build().as_at, web_settings().stale_days)
