"""MARAC lists to standard rows: who is the victim, who is alleged to have harmed them, which children live with whom.

How the victim may be reached in safety is never read: here it could only be read by somebody whom it is not meant for.
Nor is the score of the risk checklist.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from loaders import plain
from loaders.clean.names import clean_name
from loaders.codes import look_up
from loaders.context import NO_KEY, Context, Row, RowRejected, StandardRow, flag, text
from loaders.incidents import Party, alleged, related, told, upright
from loaders.involved import involvement
from loaders.relate import Statement
from loaders.workers import organisation, worker, worker_key

Rows = Iterator[tuple[str, StandardRow]]

_GROUNDS = Path(__file__).with_name("grounds.csv")
_ROLES = {"VICTIM": "victim", "SURVIVOR": "victim", "PERPETRATOR": "perpetrator", "CHILD": "child"}


class Case(NamedTuple):
    """A case, for its people."""

    start: date | None
    end: date | None
    agency: str | None
    worker_id: str | None
    role: str | None
    grounds: str | None


class Subject(NamedTuple):
    """Somebody in a case: what they are to victim and perpetrator, with whom they live, and an order on contact."""

    party: Party
    to_victim: str
    to_perpetrator: str
    lives_with: str
    order: tuple[date | None, date | None] | None


def marac_people(row: Row, context: Context) -> Rows:
    """Somebody in a case, and their address: hidden everywhere where the list says that it is confidential."""
    confidential = row["address_confidential"]
    yield "person", plain.person(row, row["person_id"], context) | {"is_client": True}
    hidden = bool(confidential) and flag(confidential) is not False
    yield from plain.home(row, row["person_id"], context, hidden=hidden)


def marac_cases(row: Row, context: Context) -> Rows:
    """A case with whoever leads it, kept for its people."""
    start, end = context.span(row, "referral_date", "closed_date")
    name, agency = clean_name(row["lead_contact"]), text(row["lead_agency"])
    worker_id, role = worker_key(name, agency), text(row["lead_role"]) or "MARAC lead"
    grounds = _grounds(row, context)
    context.shelves["cases"][row["case_ref"]] = Case(start, end, agency, worker_id, role if name else None, grounds)
    yield from organisation(agency, context)
    said: StandardRow = {"name": name, "role": role, "organisation": agency, "email": text(row["lead_email"])}
    yield from worker(worker_id, said | {"phone": context.phone(row, "lead_phone")}, context)


def _grounds(row: Row, context: Context) -> str | None:
    listed = look_up(_GROUNDS, row["grounds"])
    if listed is None and text(row["grounds"]):
        context.drop("grounds", "none of the grounds for a referral: see grounds.csv")
        context.unknown_code("grounds", row["grounds"])
    return listed["words"] if listed else None


def marac_subjects(row: Row, context: Context) -> Rows:
    """Somebody's part in a case: the case as involvement, the referral as what happened."""
    person, reference = row["person_id"], row["case_ref"]
    context.known(person, "person_id")
    case: Case | None = context.shelves["cases"].get(reference)
    if case is None:
        raise RowRejected("case_ref", "no id" if reference in NO_KEY else "case not in marac_cases")
    role = _ROLES.get(row["role"].upper())
    if role is None:
        context.unknown_code("role", row["role"])
        raise RowRejected("role", "none of victim, perpetrator, child: nobody can tell whom the case protects")
    order = context.span(row, "order_start", "order_end") if _ordered(row) else None
    _remember(row, reference, Party(person, role, case.start, context.source_row, "person_id"), order, context)
    row_id = f"{reference}:{person}:{role}"
    meaning = {"service_id": "marac", "kind": f"MARAC case, as {role}"}
    lead = {"role": case.role, "organisation": case.agency, "worker_id": case.worker_id}
    yield "involvement", involvement(row_id, person, meaning, (case.start, case.end), context, **lead)
    event: StandardRow = {"row_id": row_id, "record_id": person, "service_id": "marac", "kind": "MARAC referral"}
    yield "event", event | {"on": case.start, "detail": case.grounds, "tone": "concern"}


def _ordered(row: Row) -> bool:
    """Whether an order forbids contact. A cell that says neither yes nor no counts as one: its lack would cost more."""
    return bool(row["no_contact_order"]) and flag(row["no_contact_order"]) is not False


def _remember(
    row: Row, reference: str, party: Party, order: tuple[date | None, date | None] | None, context: Context
) -> None:
    subjects: list[Subject] = context.shelves["subjects"].setdefault(reference, [])
    if any((one.party.person, one.party.role) == (party.person, party.role) for one in subjects):
        raise RowRejected("person_id", "the same person stands on an earlier line of this case")
    words = (row["relationship_to_victim"], row["relationship_to_perpetrator"], row["living_with"].casefold())
    subjects.append(Subject(party, *words, order))


def finish(context: Context) -> Rows:
    """What the people of each case are to each other. A case of two victims leaves that open, so it tells nothing."""
    kin: list[tuple[str, StandardRow]] = []
    for reference, subjects in context.shelves["subjects"].items():
        victims = [one.party for one in subjects if one.party.role == "victim"]
        perpetrators = [one.party for one in subjects if one.party.role == "perpetrator"]
        if len(victims) == 1:
            yield from _harm(reference, perpetrators, victims[0], context)
            yield from _orders(reference, subjects, victims[0], perpetrators, context)
            for one in subjects:
                kin += _kin(reference, one, one.to_victim, victims[0], context)
        elif victims:
            context.notes[
                "marac_subjects.csv", "cases of more than one victim: nobody is said to have harmed anybody"
            ] += 1
        if len(perpetrators) == 1:
            for one in subjects:
                kin += _kin(reference, one, one.to_perpetrator, perpetrators[0], context)
    yield from upright(kin, "marac_subjects.csv", context)


def _harm(reference: str, perpetrators: list[Party], victim: Party, context: Context) -> Rows:
    for one in perpetrators:
        label = f"Perpetrator in MARAC case {reference}: alleged or convicted is not recorded"
        yield from alleged(f"{reference}:alleged:{one.person}", one, victim, label, context)


def _orders(
    reference: str, subjects: list[Subject], victim: Party, perpetrators: list[Party], context: Context
) -> Rows:
    """An order on a perpetrator's line protects the victim; on a child's line it is against the one perpetrator."""
    for one in subjects:
        if one.order is None or one.party.role == "victim":
            continue
        others = [victim] if one.party.role == "perpetrator" else perpetrators
        if len(others) != 1:
            context.notes["marac_subjects.csv", "orders that leave open against whom they are: left out"] += 1
            continue
        row_id, label = f"{reference}:order:{one.party.person}", f"No-contact order in MARAC case {reference}"
        ends = one.party.person, "NO_CONTACT_ORDER", others[0].person, "person_id", "person_id"
        statement = Statement(row_id, *ends, source_label=label)
        yield from told(statement, one.party, context, start=one.order[0], end=one.order[1])


def _kin(reference: str, one: Subject, word: str, other: Party, context: Context) -> Rows:
    if one.party.person != other.person:
        lives = other.role is not None and (other.role in one.lives_with or "both" in one.lives_with)
        row_id = f"{reference}:{one.party.person}:{other.role}"
        yield from related(row_id, one.party, word, other, context, lives_with=lives or None)
