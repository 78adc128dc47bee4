"""Who works with a client: ssd_involvements, referrals and early help, with professionals and teams.

A team is told by the id of a department; a worker may be missing, "unknown", or left out by the script: the involvement
stands without one. An involvement of a role nobody can place is put aside: it might be a sensitive service.
"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from loaders.clean import agencies
from loaders.clean.care import LONGEST
from loaders.clean.names import clean_name
from loaders.codes import code_table
from loaders.context import NO_KEY, Context, Row, RowRejected, StandardRow, flag, text
from loaders.involved import involvement
from loaders.plans import Made, needs, plan
from loaders.workers import organisation, worker

Rows = Iterator[tuple[str, StandardRow]]

_HERE = Path(__file__).parent
_TYPES, _REASONS = _HERE / "involvement_types.csv", _HERE / "reasons.csv"
_NOBODY = NO_KEY | {"unknown", "Unknown", "UNKNOWN"}


class Role(NamedTuple):
    """What a role on an involvement means."""

    service_id: str
    kind: str
    role: str
    allocated: bool


def ssd_department(row: Row, context: Context) -> Rows:
    """A team, kept for whatever names it by its id."""
    name = text(row["dept_team_name"])
    if name:
        context.shelves["teams"][row["dept_team_id"]] = name
    yield from ()


def ssd_professionals(row: Row, context: Context) -> Rows:
    """A worker. The scripts leave out those of unknown staff id, who are nobody in particular."""
    if row["prof_staff_id"].casefold() == "unknown":
        context.note("workers of unknown staff id: nobody in particular, left out")
        return
    name, title = clean_name(row["prof_professional_name"]), text(row["prof_professional_job_title"])
    context.shelves["professionals"][row["prof_professional_id"]] = name
    said: StandardRow = {"name": name, "role": title, "team": text(row["prof_professional_department"])}
    yield from worker(row["prof_professional_id"], said, context)


def team(value: str, context: Context) -> str | None:
    """A team's name by its id; what is written there where ssd_department does not list it."""
    if value in NO_KEY:
        return None
    named: str | None = context.shelves["teams"].get(value)
    if named is None:
        context.note("teams that ssd_department does not list: shown as they are written")
    return named or text(value)


def worker_id(value: str, context: Context) -> str | None:
    """The id of a worker; none where the row has no worker. One whom ssd_professionals lacks is counted."""
    if value in _NOBODY:
        return None
    if value not in context.shelves["professionals"]:
        context.note("workers whom ssd_professionals does not list: the involvement stands without a name")
    return value


def author(value: str, context: Context) -> str | None:
    """The name of a worker by their id; none where nobody knows it."""
    name: str | None = context.shelves["professionals"].get(value)
    return name


@lru_cache(maxsize=4096)
def reason(code: str) -> str | None:
    """A coded reason in plain words, as supplied where no list has it. An adoption is not told, nor is a long text."""
    listed = code_table(_REASONS).get(code.upper())
    tidy = listed["words"] if listed else text(code)
    return tidy if tidy and len(tidy) <= LONGEST and not is_adoption(code) else None


@lru_cache(maxsize=4096)
def is_adoption(code: str) -> bool:
    """Whether a reason for an end says that the child was adopted: this record is then of the life before."""
    return code.upper() in ("RC1", "E11", "E12") or "adopted" in code.casefold()


def ssd_involvements(row: Row, context: Context) -> Rows:
    """A worker's, team's or key agency's involvement with a client."""
    person = row["invo_person_id"]
    context.known(person, "invo_person_id")
    role = read_role(row["invo_professional_role_id"])
    if role is None:
        context.unknown_code("invo_professional_role_id", row["invo_professional_role_id"])
        raise RowRejected("invo_professional_role_id", "no service is known for it: add it to involvement_types.csv")
    days = context.span(row, "invo_involvement_start_date", "invo_involvement_end_date")
    said: StandardRow = {
        "end_reason": reason(row["invo_worker_change_reason"]),
        "team": team(row["invo_professional_team"], context),
        "role": role.role,
        "lead_professional": role.allocated,
        "worker_id": worker_id(row["invo_professional_id"], context),
        "allocated": role.allocated,
    }
    meaning = {"service_id": role.service_id, "kind": role.kind}
    yield "involvement", involvement(row["invo_involvements_id"], person, meaning, days, context, **said)


@lru_cache(maxsize=4096)
def read_role(said: str) -> Role | None:
    """What a role means, by its code, its words, or the agency that its words name. None where nobody can place it."""
    listed = code_table(_TYPES).get(said.upper())
    if listed is not None:
        return Role(listed["service_id"], listed["kind"], listed["role"], listed["allocated"] == "Y")
    service = agencies.service_of(said)
    return Role(service, said, said, False) if service else None


def ssd_cin_episodes(row: Row, context: Context) -> Rows:
    """A referral and the time in need that follows: children's social care is involved until it is closed."""
    person, closed = row["cine_person_id"], row["cine_close_reason"]
    context.known(person, "cine_person_id")
    days = context.span(row, "cine_referral_date", "cine_close_date")
    if is_adoption(closed):
        context.adopted_later.add(person)
    context.shelves["referral needs"][row["cine_referral_id"]] = needs(context, row, "cine_cin_primary_need_code")
    no_further_action = flag(row["cine_referral_nfa"])
    said: StandardRow = {
        "end_reason": reason(closed),
        "team": team(row["cine_referral_team"], context),
        "worker_id": worker_id(row["cine_referral_worker_id"], context),
    }
    meaning = {"service_id": "csc", "kind": "Referral, no further action" if no_further_action else "Referral"}
    yield "involvement", involvement(f"referral-{row['cine_referral_id']}", person, meaning, days, context, **said)


def ssd_early_help_episodes(row: Row, context: Context) -> Rows:
    """An early help episode, and the plan of its coded reason. An agency is named only if it is no sensitive one."""
    person = row["earl_person_id"]
    context.known(person, "earl_person_id")
    days = context.span(row, "earl_episode_start_date", "earl_episode_end_date")
    provider, who = _provider(row, context), row["earl_episode_worker_id"]
    row_id = f"early-help-{row['earl_episode_id']}"
    said: StandardRow = {
        "end_reason": reason(row["earl_episode_end_reason"]),
        "organisation": provider,
        "worker_id": worker_id(who, context),
    }
    meaning = {"service_id": "early_help", "kind": "Early help episode"}
    yield "involvement", involvement(row_id, person, meaning, days, context, **said)
    found = needs(context, row, "earl_episode_reason")
    if found:
        made = Made(row_id, person, "early_help", "early help", *days, found, author(who, context))
        yield "plan", plan(made, context.as_at)
    yield from organisation(provider, context)


def _provider(row: Row, context: Context) -> str | None:
    name = text(row["earl_episode_organisation"])
    service = agencies.service_of(name) if name else None
    if name and (service is None or agencies.is_sensitive(service)):
        context.note("early help providers that cannot be placed, or are sensitive: not named")
        return None
    return name
