"""Early help, whoever keeps it: episodes with their lead professional, and the team around the family.

The members of a team come from other agencies, so each is an involvement of their own agency's service, sensitive ones
included. An agency that no line of agencies.yaml places is not shown, nor is who comes from it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from loaders.clean.agencies import is_sensitive, service_of
from loaders.clean.names import clean_name
from loaders.context import Context, Row, RowRejected, StandardRow, text
from loaders.plans import Made, needs
from loaders.relate import open_or_closed
from loaders.workers import organisation, worker

Rows = Iterator[tuple[str, StandardRow]]

EARLY_HELP = "early_help"
UNPLACED = "no service is known for this agency: add it to loaders/clean/agencies.yaml or to the column map"


@dataclass(frozen=True, slots=True)
class Helper:
    """A practitioner as an early help system names them. Everything but the name may be empty."""

    worker_id: str | None
    name: str | None
    role: str | None = None
    team: str | None = None
    agency: str | None = None
    phone: str | None = None
    email: str | None = None

    @property
    def service_id(self) -> str | None:
        """The service of their agency, early help where none is named; None where the agency cannot be placed."""
        return service_of(self.agency) if self.agency else EARLY_HELP


NOBODY = Helper(None, None)
_NOT_NAMED = "not named beside early help"


def known(helper: Helper, context: Context) -> Helper:
    """The same, remembered as nobody to be named beside early help where they come from a sensitive service or from an
    agency that nobody can place: not as the author of a plan either.
    """
    service = helper.service_id
    if helper.name and (service is None or is_sensitive(service)):
        context.shelves[_NOT_NAMED][helper.name.casefold()] = True
    return helper


def author(row: Row, context: Context) -> tuple[str | None, str | None]:
    """Who wrote a plan, and their e-mail address (author_name, author_email)."""
    name, email = clean_name(row["author_name"]), text(row["author_email"])
    if name and name.casefold() in context.shelves[_NOT_NAMED]:
        context.note("plans by a practitioner of a sensitive service or an unknown agency: told without them")
        return None, None
    return name, email


def made(row: Row, row_id: str, kind: str, context: Context) -> Made:
    """A plan or assessment as a row tells it: person_id, start_date, end_date, needs, updated_on, and its author."""
    start, end = context.span(row, "start_date", "end_date")
    name, email = author(row, context)
    return Made(
        row_id=row_id,
        record_id=row["person_id"],
        service_id=EARLY_HELP,
        kind=kind,
        start=start,
        end=end,
        needs=needs(context, row, "needs"),
        author=name,
        author_email=email,
        updated_on=context.past_date(row, "updated_on"),
    )


@dataclass(frozen=True, slots=True)
class Help:
    """A spell of early help with one person. `lead` says that whoever gives it leads."""

    row_id: str
    record_id: str
    kind: str
    start: date | None
    end: date | None
    end_reason: str | None = None
    updated_on: date | None = None
    lead: bool = False


def episode(said: Help, lead: Helper | None, column: str, context: Context) -> Rows:
    """An episode and its lead professional. A lead from a sensitive service is told as that service's involvement; one
    from an agency nobody can place is dropped and reported under `column`.
    """
    service = lead.service_id if lead else EARLY_HELP
    if lead and service is None:
        context.drop(column, UNPLACED)
    elif lead and service and is_sensitive(service):
        context.note("lead professionals of sensitive services: told as an involvement of that service")
        theirs = replace(
            said, row_id=f"{said.row_id}-lead", kind="Lead professional of early help", lead=lead.name is not None
        )
        yield from _involved(theirs, service, lead, context)
    elif lead:
        yield from _involved(replace(said, lead=lead.name is not None), EARLY_HELP, lead, context)
        return
    yield from _involved(said, EARLY_HELP, NOBODY, context)


def member(said: Help, helper: Helper, column: str, context: Context) -> Rows:
    """A member of the team around a family. Raises RowRejected where their agency cannot be placed."""
    service = helper.service_id
    if service is None:
        raise RowRejected(column, UNPLACED)
    yield from _involved(said, service, helper, context)


def _involved(said: Help, service: str, helper: Helper, context: Context) -> Rows:
    standard: StandardRow = {
        "row_id": said.row_id,
        "record_id": said.record_id,
        "service_id": service,
        "kind": said.kind,
        "status": open_or_closed(said.end, context.as_at),
        "start": said.start,
        "end": said.end,
        "end_reason": said.end_reason,
        "team": helper.team,
        "role": helper.role,
        "lead_professional": said.lead,
        "organisation": helper.agency,
        "worker_id": helper.worker_id,
        "allocated": False,
        "updated_on": said.updated_on,
    }
    yield "involvement", standard
    told: StandardRow = {
        "name": helper.name,
        "role": helper.role,
        "team": helper.team,
        "organisation": helper.agency,
        "phone": helper.phone,
        "email": helper.email,
    }
    yield from worker(helper.worker_id, told, context)
    yield from organisation(helper.agency, context)
