"""Children looked after: periods of care with their legal status and kind of placement, orders alone, care leavers.

Where a child is placed is never read: the postcode and the home's number stay in the file. A placement for adoption is
not shown as a placement, and hides the child's placement addresses.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from loaders.clean.care import for_adoption, made_by_court
from loaders.context import Context, Row, StandardRow, text
from loaders.involved import involvement
from loaders.plans import Made, legal_status, needs, placement, plan
from loaders.sources.ssd.involvements import author, is_adoption, team, worker_id

Rows = Iterator[tuple[str, StandardRow]]

_NO_LONGER = frozenset({"no current eligibility"})


@dataclass(slots=True)
class Spell:
    """A legal status or a placement, for the period of care it belongs to. `told` once a plan has shown it."""

    row_id: str
    words: str
    start: date | None
    end: date | None
    source_row: str
    told: bool = False

    def overlaps(self, start: date | None, end: date | None) -> bool:
        """Whether the two have time in common; a side without a day is open. One ends on the day the next begins."""
        begins_late = self.start is not None and end is not None and self.start >= end
        ends_early = self.end is not None and start is not None and self.end <= start
        return not begins_late and not ends_early


def ssd_legal_status(row: Row, context: Context) -> Rows:
    """A legal status, kept for the period of care it holds in."""
    person = row["lega_person_id"]
    context.known(person, "lega_person_id")
    start, end = context.span(row, "lega_legal_status_start_date", "lega_legal_status_end_date")
    words = legal_status(context, row, "lega_legal_status")
    if words:
        spell = Spell(f"legal-{row['lega_legal_status_id']}", words, start, end, context.source_row)
        context.shelves["legal statuses"].setdefault(person, []).append(spell)
    yield from ()


def ssd_cla_placement(row: Row, context: Context) -> Rows:
    """A kind of placement, kept for the period of care it belongs to."""
    person = row["clap_person_id"]
    context.known(person, "clap_person_id")
    start, end = context.span(row, "clap_cla_placement_start_date", "clap_cla_placement_end_date")
    if for_adoption(row["clap_cla_placement_type"]):
        context.shelves["placed for adoption"][person] = True
    words = placement(context, row, "clap_cla_placement_type")
    if words:
        spell = Spell(f"placement-{row['clap_cla_placement_id']}", words, start, end, context.source_row)
        context.shelves["placements"].setdefault(person, {})[row["clap_cla_placement_id"]] = spell
    yield from ()


def ssd_cla_episodes(row: Row, context: Context) -> Rows:
    """An episode of being looked after: a care plan with the legal status and the kind of placement of its time."""
    person = row["clae_person_id"]
    context.known(person, "clae_person_id")
    start, end = context.span(row, "clae_cla_episode_start_date", "clae_cla_episode_ceased_date")
    if is_adoption(row["clae_cla_episode_ceased_reason"]):
        context.adopted_later.add(person)
    placements: dict[str, Spell] = context.shelves["placements"].get(person, {})
    named = placements.get(row["clae_cla_placement_id"])
    row_id, found = f"episode-{row['clae_cla_episode_id']}", needs(context, row, "clae_cla_primary_need_code")
    more: StandardRow = {
        "legal_status": _latest(context.shelves["legal statuses"].get(person, []), start, end),
        "placement": _latest([named] if named else placements.values(), start, end),
    }
    yield "plan", plan(Made(row_id, person, "csc", "care", start, end, found), context.as_at) | more


def _latest(spells: Iterable[Spell], start: date | None, end: date | None) -> str | None:
    """The words of the last spell that the period has. That one counts as told: the others stand by themselves."""
    held = [spell for spell in spells if spell.overlaps(start, end)]
    if not held:
        return None
    last = max(held, key=lambda spell: (spell.start or date.min, spell.row_id))
    last.told = True
    return last.words


def ssd_care_leavers(row: Row, context: Context) -> Rows:
    """A care leaver: their pathway plan, and the adviser and team who keep in touch."""
    person = row["clea_person_id"]
    context.known(person, "clea_person_id")
    eligibility = text(row["clea_care_leaver_eligibility"])
    status = "closed" if eligibility and eligibility.casefold() in _NO_LONGER else "open"
    who = row["clea_care_leaver_worker_id"] or row["clea_care_leaver_personal_advisor"]
    start = context.past_date(row, "clea_pathway_plan_review_date")
    row_id, wrote = f"pathway-{row['clea_table_id']}", author(who, context)
    pathway = plan(Made(row_id, person, "csc", "pathway", start, None, author=wrote), context.as_at)
    yield "plan", pathway | {"status": status, "legal_status": eligibility}
    adviser: StandardRow = {
        "status": status,
        "team": team(row["clea_care_leaver_allocated_team"], context),
        "role": "Personal adviser",
        "worker_id": worker_id(who, context),
    }
    if adviser["team"] or adviser["worker_id"]:
        meaning = {"service_id": "csc", "kind": "Leaving care"}
        leaver = f"leaver-{row['clea_table_id']}"
        yield "involvement", involvement(leaver, person, meaning, (None, None), context, **adviser)


def finish(context: Context) -> Rows:
    """What no period of care has shown: an order by itself (special guardianship, say), a placement by itself."""
    for person, spells in context.shelves["legal statuses"].items():
        for spell in spells:
            if not spell.told:
                kind = "court order" if made_by_court(spell.words) else "care"
                yield "plan", _alone(spell, person, kind, context) | {"legal_status": spell.words}
    for person, placements in context.shelves["placements"].items():
        for spell in placements.values():
            if not spell.told:
                yield "plan", _alone(spell, person, "care", context) | {"placement": spell.words}


def _alone(spell: Spell, person: str, kind: str, context: Context) -> StandardRow:
    made = Made(spell.row_id, person, "csc", kind, spell.start, spell.end)
    return plan(made, context.as_at) | {"source_row": spell.source_row}
