"""CAMHS extracts to standard rows: that a child is involved, since when, and with which team. Never why.

The source is kept to the sensitive and shield classes as a whole, its records of people included (source.toml).
"""

from collections.abc import Iterator
from pathlib import Path

from loaders.birth import birth_date, death_date
from loaders.clean.addresses import one_line
from loaders.clean.names import clean_name, sex_code
from loaders.codes import placed
from loaders.context import NO_KEY, Context, Row, RowRejected, StandardRow, text
from loaders.involved import involvement
from loaders.workers import organisation

Rows = Iterator[tuple[str, StandardRow]]

_TEAMS = Path(__file__).with_name("team_types.csv")
_KINDS = {"camhs": "Child and adolescent mental health", "substance_use": "Substance use service"}
_NO_TEAM = {"service_id": "camhs", "team": ""}


def patients(row: Row, context: Context) -> Rows:
    """A child or young person."""
    record_id = row["LocalPatientId"]
    born = birth_date(row, "PersonBirthDate", context, unborn=False, restricted=False)
    died = death_date(row, "PersDeathDate", context, born)
    sex = sex_code(row["Gender"])
    context.add_person(record_id, sex, born)
    standard: StandardRow = {
        "record_id": record_id,
        "forename": clean_name(row["GivenName"]),
        "surname": clean_name(row["FamilyName"]),
        "sex": sex,
        "dob": born,
        "dod": died,
        "status": "deceased" if died else "alive",
        "nhs_number": context.nhs_number(row, "NHSNumber"),
        "is_client": True,
        "restricted": False,
    }
    yield "person", standard
    written, postcode = one_line(row["Address"]), context.postcode(row, "Postcode")
    if written or postcode:
        yield (
            "address",
            {"record_id": record_id, "text": written, "postcode": postcode, "type": "home", "hidden": False},
        )


def referrals(row: Row, context: Context) -> Rows:
    """A referral to a team. One that was rejected is no involvement; one to several teams stands on several rows.
    Its id is the provider's, or the one that the national data set makes unique.
    """
    patient, code = row["LocalPatientId"], row["ServTeamTypeRefToMH"].upper()
    request = row["ServiceRequestID"] or row["UniqServReqID"]
    context.known(patient, "LocalPatientId")
    if request in NO_KEY:
        raise RowRejected("ServiceRequestID", "no id")
    row_id = f"{request}-{code}" if code else request
    if row_id in context.shelves["referrals"]:
        raise RowRejected("ServiceRequestID", "the same referral to the same team stands on an earlier line")
    team = placed(_TEAMS, row, "ServTeamTypeRefToMH") if code else _NO_TEAM
    start, end = context.span(row, "ReferralRequestReceivedDate", "ServDischDate")
    end = end or context.needed_date(row, "ReferClosureDate")
    rejected = context.needed_date(row, "ReferRejectionDate") is not None
    context.shelves["referrals"][row_id] = True
    if rejected:
        context.note("referrals that were rejected: no involvement")
        return
    provider = text(row["OrgIDProv"])
    meaning = {"service_id": team["service_id"], "kind": _KINDS[team["service_id"]]}
    where: StandardRow = {"team": team["team"] or None, "organisation": provider}
    yield "involvement", involvement(row_id, patient, meaning, (start, end), context, **where)
    yield from organisation(provider, context, "NHS trust")
