"""EHM extracts to standard rows: whole families, their early help episodes, plans, assessments and teams.

Episodes have the field names of the Standard Safeguarding Dataset, contacts those of Liquidlogic's own ecafcontact.
"""

from collections.abc import Iterator
from dataclasses import replace

from loaders import plain
from loaders.clean.names import clean_name
from loaders.context import NO_KEY, Context, Row, RowRejected, StandardRow, flag, text
from loaders.early_help import EARLY_HELP, Help, Helper, episode, known, made, member
from loaders.groups import join, members_together
from loaders.plans import Made, needs, plan
from loaders.workers import worker_key

Rows = Iterator[tuple[str, StandardRow]]


def people(row: Row, context: Context) -> Rows:
    """Somebody of a family that early help knows, child or adult."""
    yield from plain.client(row, row["person_id"], context, plain.said_secure(row, context, "secure"))


def workers(row: Row, context: Context) -> Rows:
    """A practitioner, kept for the episodes and teams that name them."""
    if row["worker_id"] in NO_KEY:
        raise RowRejected("worker_id", "no worker id")
    context.shelves["helpers"][row["worker_id"]] = _helper(row, row["worker_id"], context)
    yield from ()


def ecafcontact(row: Row, context: Context) -> Rows:
    """A contact: which needs its episode has, and whose contacts were one group. Who made it is never read."""
    context.known(row["PersonID"], "PersonID")
    _remember_needs(row["EpisodeID"], needs(context, row, "PrimNeed", "EpisodeNeeds"), context)
    join(context, row["ContactGroupID"], row["PersonID"], "PersonID")
    yield from ()


def early_help_episodes(row: Row, context: Context) -> Rows:
    """An episode of one person, led by its worker."""
    episode_id, worker_id = row["earl_episode_id"], row["earl_episode_worker_id"]
    context.known(row["earl_person_id"], "earl_person_id")
    start, end = context.span(row, "earl_episode_start_date", "earl_episode_end_date")
    _remember_needs(episode_id, needs(context, row, "earl_episode_reason"), context)
    context.shelves["episodes"][episode_id] = (
        Made(f"needs-{episode_id}", row["earl_person_id"], EARLY_HELP, "early help", start, end),
        context.source_row,
    )
    agency = text(row["earl_episode_organisation"])
    lead: Helper | None = context.shelves["helpers"].get(worker_id)
    if lead is None and worker_id not in NO_KEY:
        context.note("episodes by a worker who is not in workers: told without them")
    if lead is None:
        lead = Helper(None, None, agency=agency) if agency else None
    elif lead.agency is None:
        lead = replace(lead, agency=agency)
    said = Help(episode_id, row["earl_person_id"], "Early help", start, end, text(row["earl_episode_end_reason"]))
    yield from episode(said, lead, "earl_episode_organisation", context)


def team_around_family(row: Row, context: Context) -> Rows:
    """A practitioner of the team around one person of the family."""
    context.known(row["person_id"], "person_id")
    start, end = context.span(row, "start_date", "end_date")
    helper: Helper | None = context.shelves["helpers"].get(row["worker_id"])
    if helper is None:
        name = clean_name(row["worker_name"])
        if name is None:
            raise RowRejected("worker_id", "names nobody: neither a worker of workers nor a name")
        helper = _helper(row, worker_key(name, row["agency"]), context)
    lead = flag(row["lead_professional"]) is True
    said = Help(f"team-{row['member_id']}", row["person_id"], "Team around the family", start, end, lead=lead)
    yield from member(said, helper, "agency", context)


def plans(row: Row, context: Context) -> Rows:
    """A family's plan, as it stands for one person; the needs of its episode are among its own."""
    told = _made(row, "plan", row["plan_id"], context)
    context.shelves["planned episodes"][row["episode_id"]] = True
    of_episode = context.shelves["episode needs"].get(row["episode_id"], ())
    all_needs = tuple(dict.fromkeys((*told.needs, *of_episode)))
    yield "plan", plan(replace(told, kind="early help", needs=all_needs), context.as_at)


def assessments(row: Row, context: Context) -> Rows:
    """An early help assessment, with who wrote it. One that is not complete has no end."""
    yield "plan", plan(_made(row, "assessment", row["assessment_id"], context), context.as_at)


def _made(row: Row, kind: str, number: str, context: Context) -> Made:
    context.known(row["person_id"], "person_id")
    return made(row, f"{kind}-{number}", kind, context)


def _remember_needs(episode_id: str, found: tuple[str, ...], context: Context) -> None:
    if found and episode_id not in NO_KEY:
        context.shelves["episode needs"].setdefault(episode_id, []).extend(found)


def _helper(row: Row, worker_id: str | None, context: Context) -> Helper:
    helper = Helper(
        worker_id=worker_id,
        name=clean_name(row["worker_name"]),
        role=text(row["worker_role"]),
        team=text(row["worker_team"]),
        agency=text(row["agency"]),
        phone=context.phone(row, "worker_phone"),
        email=text(row["worker_email"]),
    )
    return known(helper, context)


def finish(context: Context) -> Rows:
    """Whose contacts were made as one group: membership, and nothing about kinship. And the needs of the episodes of
    which no plan was sent: they stand as the plan of their own episode.
    """
    yield from members_together(context)
    found = context.shelves["episode needs"]
    for episode_id, (of_episode, line) in context.shelves["episodes"].items():
        if episode_id in found and episode_id not in context.shelves["planned episodes"]:
            wanted = tuple(dict.fromkeys(found[episode_id]))
            yield "plan", plan(replace(of_episode, needs=wanted), context.as_at) | {"source_row": line}
