"""eTAF extracts to standard rows. Its layout is our assumption: one row a member of a family and episode.

The team around the family is a list of names with their agency in brackets; a plan may stand for the family as a whole.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from loaders import plain
from loaders.clean.names import clean_name
from loaders.context import NO_KEY, Context, Row, RowRejected, StandardRow, text
from loaders.early_help import UNPLACED, Help, Helper, episode, known, made, member
from loaders.groups import join, members_together
from loaders.plans import plan
from loaders.workers import worker_key

Rows = Iterator[tuple[str, StandardRow]]

_MEMBER = re.compile(r"^(?P<name>[^()]+?)\s*(?:\((?P<agency>[^()]*)\))?$")
_SUBJECTS = {"child": "Team around the child"}


def people(row: Row, context: Context) -> Rows:
    """Somebody of a family that has a team, child or adult."""
    yield from plain.client(row, row["person_id"], context, plain.said_secure(row, context, "secure"))


def etaf_episodes(row: Row, context: Context) -> Rows:
    """An episode of one member of a family, its lead practitioner, and the team around them."""
    person, family = row["person_id"], row["family_ref"]
    context.known(person, "person_id")
    start, end = context.span(row, "episode_start", "episode_end")
    kind = _SUBJECTS.get(row["role_in_family"].casefold(), "Team around the family")
    said = Help(context.source_row, person, kind, start, end)
    lead = _helper(row["lead_practitioner"], row["lead_agency"], context)
    told = [*episode(said, lead, "lead_agency", context), *_team(row, said, context)]
    join(context, family, person, "person_id", start, end)
    if family not in NO_KEY:
        context.shelves["families"].setdefault(family, {})[person] = True
    yield from told


def _team(row: Row, said: Help, context: Context) -> Rows:
    """The members that are named. One whose agency cannot be placed is left out and reported, the others stay."""
    for number, entry in enumerate(filter(None, map(str.strip, row["tac_members"].split(";"))), start=1):
        found = _MEMBER.match(entry)
        helper = _helper(found["name"], found["agency"] or "", context) if found else None
        if helper is None:
            context.drop("tac_members", "not a name with its agency in brackets")
        elif helper.service_id is None:
            context.drop("tac_members", UNPLACED)
        else:
            yield from member(replace(said, row_id=f"{said.row_id}-{number}"), helper, "tac_members", context)


def _helper(named: str, agency: str, context: Context) -> Helper | None:
    """A practitioner of whom only name and agency are known; none where neither is."""
    name, organisation = clean_name(named), text(agency)
    if name is None and organisation is None:
        return None
    return known(Helper(worker_key(name, organisation), name, agency=organisation), context)


def etaf_plans(row: Row, context: Context) -> Rows:
    """A plan of one person, or of everybody in the family where it names nobody."""
    yield from _plans(row, "plan_id", "early help", context)


def etaf_assessments(row: Row, context: Context) -> Rows:
    """An assessment of one person, or of everybody in the family where it names nobody."""
    yield from _plans(row, "assessment_id", "assessment", context)


def _plans(row: Row, key: str, kind: str, context: Context) -> Rows:
    told = made(row, f"{kind.replace(' ', '-')}-{row[key]}", kind, context)
    if row["person_id"] not in NO_KEY:
        context.known(row["person_id"], "person_id")
        yield "plan", plan(told, context.as_at)
        return
    family = context.shelves["families"].get(row["family_ref"])
    if not family:
        raise RowRejected("family_ref", "names neither a person nor a family of etaf_episodes")
    for person in family:
        theirs = replace(told, row_id=f"{told.row_id}-{person}", record_id=person)
        yield "plan", plan(theirs, context.as_at)


def finish(context: Context) -> Rows:
    """Who is of one family here: membership, and nothing about kinship."""
    yield from members_together(context)
