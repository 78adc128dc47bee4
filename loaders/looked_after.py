"""Legal statuses and placements of looked after children, for sources that keep them apart from the plans.

`add_status` and `add_placement` while their files are read, `in_care` for each care or pathway plan, `left_over` when
all is read: what no plan shows becomes a row of its own, so that nothing is lost. A placement that the source withholds
has no words, and still counts as where the child is: no earlier one is shown in its place.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from loaders.clean.care import made_by_court
from loaders.context import Context, StandardRow
from loaders.plans import Made, plan

PLANS = frozenset({"care", "pathway"})
"""Kinds of plan that a legal status and a placement belong to."""

_STATUSES, _PLACEMENTS, _SHOWN = "legal statuses", "placements", "shown with a plan"


class Spell(NamedTuple):
    """One legal status or placement. `words` is None where the source withholds it."""

    row_id: str
    words: str | None
    start: date | None
    end: date | None
    source_row: str


def add_status(
    context: Context, person: str, row_id: str, words: str | None, span: tuple[date | None, date | None]
) -> None:
    """Remember a legal status; `span` is its first and last day."""
    _add(context, _STATUSES, person, Spell(f"legal-{row_id}", words, *span, context.source_row))


def add_placement(
    context: Context, person: str, row_id: str, words: str | None, span: tuple[date | None, date | None]
) -> None:
    """Remember a placement; `words` is None where it is withheld."""
    _add(context, _PLACEMENTS, person, Spell(f"placement-{row_id}", words, *span, context.source_row))


def _add(context: Context, shelf: str, person: str, spell: Spell) -> None:
    context.shelves[shelf].setdefault(person, []).append(spell)


def in_care(context: Context, made: Made) -> StandardRow:
    """What a plan shows of legal status and placement: those that held last, up to its last day or the extract's."""
    if made.kind not in PLANS:
        return {}
    status, placed = _latest(context, _STATUSES, made), _latest(context, _PLACEMENTS, made)
    if status:
        context.shelves[_SHOWN][status.row_id] = True
    if placed:
        context.shelves[_SHOWN][made.record_id] = True
    return {"legal_status": status and status.words, "placement": placed and placed.words}


def _latest(context: Context, shelf: str, made: Made) -> Spell | None:
    first, last = made.start or date.min, min(made.end or context.as_at, context.as_at)
    held = (
        spell
        for spell in context.shelves[shelf].get(made.record_id, ())
        if (spell.start or date.min) <= last and (spell.end or date.max) >= first
    )
    return max(held, key=lambda spell: (spell.start or date.min, spell.end or date.max, spell.row_id), default=None)


def left_over(context: Context, service_id: str) -> Iterator[tuple[str, StandardRow]]:
    """Legal statuses that no plan shows, and the placements of whoever has no plan to show one."""
    shown = context.shelves[_SHOWN]
    for person, spell, words in _told(context, _STATUSES):
        if spell.row_id not in shown:
            kind = "court order" if made_by_court(words) else "care"
            yield "plan", _own(person, spell, service_id, kind, context) | {"legal_status": words}
    for person, spell, words in _told(context, _PLACEMENTS):
        if person not in shown:
            yield "plan", _own(person, spell, service_id, "care", context) | {"placement": words}


def _told(context: Context, shelf: str) -> Iterator[tuple[str, Spell, str]]:
    for person, spells in context.shelves[shelf].items():
        for spell in spells:
            if spell.words:
                yield person, spell, spell.words


def _own(person: str, spell: Spell, service_id: str, kind: str, context: Context) -> StandardRow:
    made = Made(spell.row_id, person, service_id, kind, spell.start, spell.end)
    return plan(made, context.as_at) | {"source_row": spell.source_row}
