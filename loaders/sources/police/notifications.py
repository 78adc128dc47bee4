"""Police notifications about vulnerable people (PPN; MERLIN in London): one incident, several people, each in a role.

Who is alleged to have harmed whom is told only where the notification leaves no doubt: one suspect, or one victim.
"""

from collections.abc import Iterator
from typing import NamedTuple

from loaders.clean.care import LONGEST
from loaders.context import NO_KEY, Context, Row, RowRejected, StandardRow, flag, text
from loaders.incidents import Party, alleged, related, upright

Rows = Iterator[tuple[str, StandardRow]]

_ROLES = {"CHILD": "child", "VICTIM": "victim", "SUSPECT": "suspect", "WITNESS": "witness"}
_GRADINGS = {"HIGH": "High", "RED": "High", "MEDIUM": "Medium", "AMBER": "Medium", "LOW": "Low", "GREEN": "Low"}
"""High, Medium and Low; Devon and Cornwall grade in the colours of a traffic light."""


class Subject(NamedTuple):
    """Somebody a notification is about. `word` is what they are to the victim."""

    party: Party
    word: str


def ppn_merlin(row: Row, context: Context) -> Rows:
    """One person of one notification."""
    incident, person = row["ppn_ref"], row["subject_person_id"]
    if incident in NO_KEY:
        raise RowRejected("ppn_ref", "no id")
    if person not in context.people:
        raise RowRejected("subject_person_id", "nobody of this id is in people or police_contacts")
    role = _ROLES.get(row["subject_role"].upper())
    on, _ = context.span(row, "incident_date", "incident_date")
    subjects: list[Subject] = context.shelves["incidents"].setdefault(incident, [])
    if any((one.party.person, one.party.role) == (person, role) for one in subjects):
        raise RowRejected("subject_person_id", "the same person stands on an earlier line of this notification")
    if role is None:
        context.unknown_code("subject_role", row["subject_role"])
        context.note("people of a notification in a role that is not known: told without one")
    party = Party(person, role, on, context.source_row, "subject_person_id")
    subjects.append(Subject(party, row["relationship_to_victim"]))
    standard: StandardRow = {
        "row_id": f"{incident}:{person}:{role or ''}",
        "record_id": person,
        "service_id": "police",
        "kind": "police notification",
        "on": on,
        "detail": _detail(row, role, context),
        "tone": "concern",
    }
    yield "event", standard


def _detail(row: Row, role: str | None, context: Context) -> str | None:
    kind, grading = text(row["incident_type"]), _GRADINGS.get(row["risk_grading"].upper())
    if kind and len(kind) > LONGEST:
        context.drop("incident_type", "longer than a code in words: case notes are not read")
        kind = None
    if grading is None and row["risk_grading"]:
        context.drop("risk_grading", "none of High, Medium, Low, Red, Amber, Green")
    present = "children present" if flag(row["children_present"]) else None
    witnessed = "witnessed by children" if flag(row["children_witnessed"]) else None
    said = (kind, grading and f"{grading} risk", role and f"as {role}", present, witnessed)
    return ", ".join(part for part in said if part) or None


def finish(context: Context) -> Rows:
    """The relationships each incident leaves no doubt about."""
    kin: list[tuple[str, StandardRow]] = []
    for incident, subjects in context.shelves["incidents"].items():
        victims = [one.party for one in subjects if one.party.role == "victim"]
        suspects = [one.party for one in subjects if one.party.role == "suspect"]
        for victim in victims if len(suspects) == 1 else ():
            label = f"Suspect in notification {incident}"
            yield from alleged(f"{incident}:alleged:{victim.person}", suspects[0], victim, label, context)
        if len(victims) == 1:
            for one, word in subjects:
                if one.person != victims[0].person:
                    kin += related(f"{incident}:kin:{one.person}", one, word, victims[0], context)
    yield from upright(kin, "ppn_merlin.csv", context)
