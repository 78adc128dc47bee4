"""The review desk: the queue of doubtful pairs, two records side by side, and what is decided about them.

Only records of the reader's own graph are ever listed, counted or compared. A decision changes no graph: it is written
down, and the next refresh obeys it. Nothing typed goes into an address.
"""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from graph.errors import UsageError
from graph.home import begun
from graph.judgements import LONGEST_REASON, Judgement, Verdict
from web import audit
from web.accounts import accounts_called
from web.desk.cases import Case, Desk
from web.desk.joined import CHOOSE, held, within
from web.desk.queue import DOUBTFUL, QUEUES, Queue, queue
from web.errors import not_found
from web.permissions import Permission, requires
from web.present.freshness import Sources, read_sources
from web.present.people import person as person_of
from web.present.review import Side, compared, side
from web.present.review_words import VERDICTS, alarm_words, chance, decided, reason, standing
from web.present.waterfall import waterfall
from web.viewer import build_sources, current_viewer, live_build, web_settings

blueprint = Blueprint("review", __name__, url_prefix="/review")

OTHERS = 5
"""Other pairs of records that a pair's page offers."""

ROWS = 25
"""Pairs, or people, on one page of the queue."""


@blueprint.get("")
@requires(Permission.REVIEW)
def page() -> ResponseReturnValue:
    """What waits for somebody to look, those nearest to being one person first."""
    desk = Desk(current_viewer())
    found = queue(desk, _shown())
    number = min(_page_number(), max(1, -(-found.count // ROWS)))
    told = _listed(desk, found, (number - 1) * ROWS)
    people = [one for row in told["rows"] for one in row["people"]] + [one["person_id"] for one in told["alarms"]]
    audit.record("review queue", asked={"show": found.show, "page": str(number)}, people=people)
    pages = -(-found.count // ROWS)
    return render_template("review.html", queue=found, queues=QUEUES, page=number, pages=pages, **told)


@blueprint.get("/next")
@requires(Permission.REVIEW)
def following() -> ResponseReturnValue:
    """The first pair of a queue; the queue itself where nothing waits in it any more."""
    desk = Desk(current_viewer())
    found = queue(desk, _shown())
    cases = desk.cases((one.left, one.right) for one in found.pairs[:1])
    audit.record("next pair asked for", asked={"show": found.show}, people=[who for one in cases for who in one.people])
    if not cases:
        return redirect(url_for("review.page", show=found.show))
    return redirect(url_for("review.pair", token=cases[0].token, show=found.show))


@blueprint.get("/person/<person_id>")
@requires(Permission.REVIEW)
def person(person_id: str) -> ResponseReturnValue:
    """The records of somebody an alarm is about, and how each two of them compare."""
    desk = Desk(current_viewer())
    alarm = next((one for one in desk.alarms().people if one.person == person_id), None)
    rows = list(desk.viewer.ask("person_records", person_id=person_id)) if alarm else []
    if alarm is None or not rows:
        return not_found()
    audit.record("alarm opened", asked={"person": person_id}, people=[person_id])
    told = within(desk, rows, _sources())
    return render_template(
        "review_person.html",
        person_id=person_id,
        words=alarm_words(alarm),
        records=held(rows, _sources()),
        pairs=[one for one in told if one.drawn],
        unscored=[one for one in told if not one.drawn],
        chosen_badly=CHOOSE in request.args,
        has_errors=CHOOSE in request.args,
    )


@blueprint.post("/compare")
@requires(Permission.REVIEW)
def compare() -> ResponseReturnValue:
    """Lead to the two records chosen on a person's page; back there where not just two were."""
    desk = Desk(current_viewer())
    chosen = [value.partition(":") for name, value in request.form.items() if name.startswith("r-")]
    keys = [(source, record) for source, _, record in chosen]
    case = desk.case(*keys) if len(keys) == 2 else None
    asked = {"person": request.form.get("person", "")[:40]}
    audit.record("two records chosen", asked=asked, people=case.people if case else [])
    if case is not None:
        return redirect(f"{url_for('review.pair', token=case.token)}#decide", 303)
    if len(keys) == 2 or not asked["person"]:
        return not_found()
    back = "review.person" if request.form.get("back") == "alarm" else "records.page"
    return redirect(url_for(back, person_id=asked["person"], choose="two"), 303)


@blueprint.get("/pair/<token>")
@requires(Permission.REVIEW)
def pair(token: str) -> ResponseReturnValue:
    """Two records side by side, what linking made of them, and what was decided."""
    desk = Desk(current_viewer())
    case = desk.opened(token)
    if case is None:
        return not_found()
    audit.record("two records compared", asked={"pair": token}, people=case.people)
    return _pair_page(desk, case)


@blueprint.post("/pair/<token>")
@requires(Permission.REVIEW)
def decide(token: str) -> ResponseReturnValue:
    """Write down what somebody decided about the two."""
    desk = Desk(current_viewer())
    case = desk.opened(token)
    if case is None:
        return not_found()
    typed = {"verdict": request.form.get("verdict", ""), "reason": request.form.get("reason", "")}
    audit.record("two records decided", asked={"pair": token, "verdict": typed["verdict"][:20]}, people=case.people)
    if typed["verdict"] not in set(Verdict):
        return _pair_page(desk, case, typed, {"verdict": "Choose what you decide"}), 400
    verdict = Verdict(typed["verdict"])
    try:
        desk.decide(case, verdict, _printable(typed["reason"]))
    except UsageError as error:
        return _pair_page(desk, case, typed, {"reason": error.message}), 400
    return redirect(url_for("review.pair", token=case.token, show=_shown()), 303)


@blueprint.post("/decision/<int:number>/undo")
@requires(Permission.REVIEW)
def undo(number: int) -> ResponseReturnValue:
    """Take a decision back."""
    return _change(number, "decision taken back", "undo-reason", lambda desk: desk.judgements.undo(
        number, desk.viewer.username, _printable(request.form.get("reason", ""))))  # fmt: skip


@blueprint.post("/decision/<int:number>/second")
@requires(Permission.REVIEW)
def second(number: int) -> ResponseReturnValue:
    """Agree to a decision that needs two people."""
    return _change(number, "decision agreed to", "second",
                   lambda desk: desk.judgements.second(number, desk.viewer.username))  # fmt: skip


@blueprint.get("/decisions")
@requires(Permission.REVIEW)
def decisions() -> ResponseReturnValue:
    """Every decision about records this reader may compare, the latest first."""
    desk = Desk(current_viewer())
    told = desk.told_of(desk.judgements.history()[::-1])
    number = min(_page_number(), max(1, -(-len(told) // ROWS)))
    part = told[(number - 1) * ROWS : number * ROWS]
    people = [one for _, case in part for one in case.people]
    audit.record("decisions", asked={"page": str(number)}, people=people)
    rows = [{**_row(desk, case), "decision": _decision(one, case)} for one, case in part]
    return render_template(
        "review_decisions.html", rows=rows, count=len(told), page=number, pages=-(-len(told) // ROWS)
    )


def _change(number: int, action: str, field: str, change: Callable[[Desk], object]) -> ResponseReturnValue:
    desk = Desk(current_viewer())
    found = desk.of_decision(number)
    if found is None:
        return not_found()
    case = found[1]
    audit.record(action, asked={"decision": str(number)}, people=case.people)
    try:
        change(desk)
    except UsageError as error:
        return _pair_page(desk, case, {}, {f"{field}-{number}": error.message}), 400
    return redirect(url_for("review.pair", token=case.token), 303)


def _pair_page(
    desk: Desk, case: Case, typed: dict[str, str] | None = None, problems: dict[str, str] | None = None
) -> str:
    left, right = _sides(desk, case)
    lines = compared(left, right)
    pair = case.scored
    decisions = [_decision(one, case) for one in desk.decisions_on(case)[::-1]]
    return render_template(
        "review_pair.html",
        case=case,
        left=left,
        right=right,
        lines=lines,
        pair=pair,
        why=reason(pair).words if pair and not case.joined else "",
        others=_others(desk, case),
        show=_shown(),
        waterfall=waterfall(pair) if pair else None,
        chance=chance(pair) if pair else "",
        decisions=decisions,
        typed=typed or {},
        problems=problems or {},
        has_errors=bool(problems),
        verdicts=VERDICTS,
        longest=LONGEST_REASON,
        me=desk.viewer.username,
    )


def _others(desk: Desk, case: Case) -> list[dict[str, Any]]:
    """A few other pairs of two people; of one person nothing: their records have a page."""
    found = [] if case.joined else desk.others(case)[:OTHERS]
    return [_row(desk, one) for one in desk.cases((pair.left, pair.right) for pair in found)]


def _listed(desk: Desk, found: Queue, start: int) -> dict[str, Any]:
    """One page of a queue: its pairs, or the people of its alarms."""
    alarms = found.alarms[start : start + ROWS]
    shown = {(one.left, one.right): one for one in found.pairs[start : start + ROWS]}
    rows = [{**_row(desk, case), "pairs": shown[case.left.key, case.right.key].pairs} for case in desk.cases(shown)]
    people = desk.viewer.ask("people", person_ids=[one.person for one in alarms]) if alarms else ()
    names = {str(row["person_id"]): person_of(row, live_build().as_at).name for row in people}
    return {
        "rows": rows,
        "alarms": [{"person_id": one.person, "name": names[one.person], "words": alarm_words(one)}
                   for one in alarms if one.person in names],
    }  # fmt: skip


def _row(desk: Desk, case: Case) -> dict[str, Any]:
    left, right = _sides(desk, case, homes=False)
    pair = case.scored
    return {"case": case, "people": case.people, "left": left, "right": right, "pair": pair,
            "why": reason(pair) if pair else None, "chance": chance(pair) if pair else ""}  # fmt: skip


def _sides(desk: Desk, case: Case, *, homes: bool = True) -> tuple[Side, Side]:
    on, sources = live_build().as_at, _sources()
    lived = list(desk.viewer.ask("addresses", person_ids=case.people)) if homes else []
    left, right = (side(one.row, one.person_id, one.shielded, lived, sources, on) for one in (case.left, case.right))
    return left, right


def _sources() -> Sources:
    return read_sources(build_sources(), live_build().as_at, web_settings().stale_days)


def _decision(judgement: Judgement, case: Case) -> dict[str, Any]:
    called = accounts_called(web_settings().data)
    return {
        "judgement": judgement,
        "line": decided(judgement, called),
        "standing": standing(judgement, case.joined, begun(live_build().build)),
        "undone_by": called(judgement.undone_by) if judgement.undone_by else "",
    }


def _printable(typed: str) -> str:
    return "".join(letter for letter in typed if letter.isprintable() or letter.isspace())


def _shown() -> str:
    """The queue the reader comes from."""
    typed = request.args.get("show", DOUBTFUL)
    return typed if typed in QUEUES else DOUBTFUL


def _page_number() -> int:
    typed = request.args.get("page", "1")
    return max(1, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1
