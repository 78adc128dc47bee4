"""Plans, assessments and orders in words: what kind, since when, for which coded needs, and whom to ask about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from web.present.dates import span_words
from web.present.folding import Telling, fold
from web.present.freshness import Provenance, Sources, provenance
from web.present.rows import Row, day, text, texts
from web.present.spells import is_open

TITLES = {
    "assessment": "Assessment", "court order": "Court order", "EHC": "Education, health and care plan",
    "early help": "Early help plan", "child in need": "Child in need plan", "child protection": "Child protection plan",
    "care": "Care plan", "pathway": "Pathway plan", "youth justice": "Youth justice plan",
    "adult care": "Adult care plan",
}  # fmt: skip
"""Kinds of plan that do not read well as they stand."""

_TELLING = (
    ("dates", "dates"), ("needs", "needs"), ("legal_status", "legal status"), ("placement", "placement"),
    ("author", "author"), ("email", "email"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan, assessment or order of a person, in words. Empty texts were not recorded."""

    kind: str
    title: str
    open: bool
    dates: str
    start: date | None
    needs: tuple[str, ...]
    legal_status: str
    placement: str
    author: str
    email: str
    provenance: Provenance


def plans(rows: Iterable[Row], sources: Sources, on: date) -> list[Telling[Plan]]:
    """The plans of one service: open ones first, newest first. Those of one kind and start are one, told by several."""
    told = [_plan(row, sources, on) for row in sorted(rows, key=lambda row: _place(row, on))]
    return fold(told, lambda plan: (plan.kind, plan.start) if plan.start else None, _TELLING)


def plan_title(kind: str) -> str:
    """How the pages call a plan of that kind."""
    return TITLES.get(kind) or f"{kind[:1].upper()}{kind[1:]}" or "Plan, kind not recorded"


def _plan(row: Row, sources: Sources, on: date) -> Plan:
    start, kind = day(row, "start"), text(row, "kind") or ""
    return Plan(
        kind=kind,
        title=plan_title(kind),
        open=is_open(row, on),
        dates=span_words(start, day(row, "end"), on),
        start=start,
        needs=texts(row, "needs"),
        legal_status=text(row, "legal_status") or "",
        placement=text(row, "placement") or "",
        author=text(row, "author") or "",
        email=text(row, "author_email") or "",
        provenance=provenance(row, sources),
    )


def _place(row: Row, on: date) -> tuple[bool, int, str, str]:
    start = day(row, "start")
    return (
        not is_open(row, on),
        -start.toordinal() if start else 0,
        text(row, "kind") or "",
        text(row, "source_row") or "",
    )
