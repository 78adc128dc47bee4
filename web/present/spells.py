"""Spells of service in words: who works with a person, in which team, since when, and how to reach them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from web.present.dates import has_ended, span_words
from web.present.folding import Telling, fold
from web.present.freshness import Provenance, Sources, provenance
from web.present.rows import Row, day, flag, text

UNNAMED = "Service not named"
_TELLING = (
    ("kind", "as"), ("team", "team"), ("organisation", "organisation"), ("practitioner_role", "role"),
    ("end_reason", "end reason"), ("phone", "phone"), ("email", "email"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spell:
    """One spell of a service with a person, in words. Empty texts were not recorded."""

    kind: str
    open: bool
    dates: str
    end_reason: str
    team: str
    role: str
    lead: bool
    allocated: bool
    organisation: str
    practitioner: str
    practitioner_role: str
    phone: str
    email: str
    provenance: Provenance


def is_open(row: Row, on: date) -> bool:
    """Whether a spell or plan still runs on that day."""
    return text(row, "status") != "closed" and not has_ended(day(row, "end"), on)


def spells(rows: Iterable[Row], sources: Sources, on: date) -> list[Telling[Spell]]:
    """The spells of one service, open ones first. Those of one worker with the same dates are one, told by several."""
    told = [_spell(row, sources, on) for row in sorted(rows, key=lambda row: _place(row, on))]
    return fold(told, _same, _TELLING)


def _same(spell: Spell) -> tuple[str, str] | None:
    return (spell.practitioner.casefold(), spell.dates) if spell.practitioner else None


def _spell(row: Row, sources: Sources, on: date) -> Spell:
    return Spell(
        kind=text(row, "kind") or "",
        open=is_open(row, on),
        dates=span_words(day(row, "start"), day(row, "end"), on),
        end_reason=text(row, "end_reason") or "",
        team=text(row, "team") or "",
        role=text(row, "role") or "",
        lead=flag(row, "lead_professional"),
        allocated=flag(row, "allocated"),
        organisation=text(row, "organisation") or "",
        practitioner=text(row, "practitioner") or "",
        practitioner_role=text(row, "practitioner_role") or "",
        phone=text(row, "phone") or "",
        email=text(row, "email") or "",
        provenance=provenance(row, sources),
    )


def _place(row: Row, on: date) -> tuple[bool, bool, int, str, str]:
    """Open spells first, the lead professional's before others, then the newest start."""
    start = day(row, "start")
    newest = -start.toordinal() if start else 0
    return (
        not is_open(row, on),
        not flag(row, "lead_professional"),
        newest,
        text(row, "kind") or "",
        text(row, "source_row") or "",
    )
