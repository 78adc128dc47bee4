"""LCS extracts to standard rows. A relationship code says what the RELATED person is to DIM_PERSON_ID: the opposite
way to Mosaic. `ssd_mother` of the Standard Safeguarding Dataset shows it: DIM_PERSON_ID is the mother where the code is
CHI.

AdoptedLinkedPersonID ties a child to the person they were before adoption. It is never read: the reader leaves it out.
"""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from graph.vocabulary import vocabulary
from loaders.birth import birth_date, death_date
from loaders.clean.addresses import compose
from loaders.clean.names import clean_name, sex_code, split_aliases, unique_names
from loaders.clean.organisations import organisation_key, organisation_kind
from loaders.context import NO_KEY, NO_RESTRICTION_DATA, Context, Row, RowRejected, StandardRow, flag, place, text
from loaders.relate import Statement, open_or_closed, relationship

Rows = Iterator[tuple[str, StandardRow]]

_TYPES = Path(__file__).with_name("involvement_types.csv")
_RESTRICTIONS = ("Secure", "IsHidden", "HideAllAddresses")
_UNBORN_DECEASED = {
    "MISCARRIED": "miscarried",
    "M": "miscarried",
    "STILLBORN": "stillborn",
    "S": "stillborn",
    "Y": "deceased",
}
_KEY_AGENCY = "KA"
"""Prefix of the involvement types that are other agencies."""


def isperson(row: Row, context: Context) -> Rows:
    """Restriction, duplicate and adoption flags, kept for the person's own row."""
    record_id = row["PersonID"]
    if record_id in NO_KEY:
        raise RowRejected("PersonID", "no person id")
    restricted, kind = context.restriction(row, _RESTRICTIONS)
    flags: dict[str, Any] = {
        "restricted": restricted,
        "kind": kind,
        "hides": flag(row["HideAllAddresses"]) is not False,
        "adopted": flag(row["IsAdopted"]),
        "duplicate_of": row["DuplicatedPersonID"] if flag(row["IsDuplicate"]) else "",
        "known_as": clean_name(row["PrefName"]),
        "aliases": split_aliases(row["AliasInfo"]),
        "nhs_number": context.nhs_number(row, "NHSNo"),
        "upn": context.upn(row, "UPN"),
        "former_upn": context.upn(row, "FormerUPN"),
        "ended": _UNBORN_DECEASED.get(row["UnbornDeceased"].upper()),
    }
    earlier = context.shelves["flags"].get(record_id)
    if earlier is None:
        context.shelves["flags"][record_id] = flags
        yield from ()
        return
    if restricted and not earlier["restricted"]:
        earlier["restricted"], earlier["kind"] = True, kind
    earlier["hides"] = earlier["hides"] or flags["hides"]
    raise RowRejected("PersonID", "the same id stands on an earlier line; a restriction on either line counts")


def dim_person(row: Row, context: Context) -> Rows:
    """A person, with their flags from isperson. One it does not list is restricted: nobody said they are not."""
    record_id = row["DIM_PERSON_ID"]
    flags = context.shelves["flags"].pop(record_id, None)
    if flags is None:
        context.note(f"people without a row in isperson: restricted as {NO_RESTRICTION_DATA}")
        flags = {"restricted": True, "kind": NO_RESTRICTION_DATA, "hides": True}
    if flags["hides"]:
        context.shelves["hides addresses"][record_id] = True
    dob, estimated, unborn = _birth(row, flags["restricted"], context)
    dod = death_date(row, "DEATH_DTTM", context, dob)
    sex = sex_code(row["GENDER_MAIN_CODE"])
    context.add_person(record_id, sex, dob)
    standard: StandardRow = {
        "record_id": record_id,
        "forename": clean_name(row["FORENAME"]),
        "middle_names": clean_name(row["MIDDLE_NAMES"]),
        "surname": clean_name(row["SURNAME"]),
        "known_as": flags.get("known_as"),
        "other_names": unique_names(flags.get("aliases", [])),
        "sex": sex,
        "dob": dob,
        "dob_estimated": estimated,
        "dod": dod,
        "status": flags.get("ended") or ("deceased" if dod else "unborn" if unborn else "alive"),
        "nhs_number": context.nhs_number(row, "NHS_NUMBER") or flags.get("nhs_number"),
        "upn": context.upn(row, "UPN") or flags.get("upn"),
        "former_upn": context.upn(row, "FORMER_UPN") or flags.get("former_upn"),
        "llid": record_id if row["LLID"] in NO_KEY else row["LLID"],
        "is_client": flag(row["IS_CLIENT"]),
        "restricted": flags["restricted"],
        "restriction_kind": flags["kind"],
        "duplicate_of": flags.get("duplicate_of") or None,
        "adopted": flags.get("adopted"),
        "updated_on": context.past_date(row, "UPDATED_DTTM"),
    }
    yield "person", standard


def _birth(row: Row, restricted: bool, context: Context) -> tuple[Any, bool | None, bool]:
    """(date, estimated, unborn). A past expected date, with no date of birth, is an estimate of it."""
    estimated = flag(row["DOB_ESTIMATED"])
    dob = birth_date(row, "BIRTH_DTTM", context, unborn=bool(row["EXPECTED_DOB"]), restricted=restricted)
    if dob is None and row["EXPECTED_DOB"]:
        dob = birth_date(row, "EXPECTED_DOB", context, unborn=True, restricted=restricted)
        estimated = dob is not None and dob <= context.as_at
    return dob, estimated, dob is not None and dob > context.as_at


def site_relationship_codes(row: Row, context: Context) -> Rows:
    """What a relationship code of this site means of the related person."""
    meaning = row["canonical_code_of_RELATED_person"].upper()
    if meaning not in vocabulary():
        raise RowRejected("canonical_code_of_RELATED_person", "not a code of the relationship vocabulary")
    context.shelves["codes"][row["DIM_LOOKUP_RELTN_TYPE_CODE"].upper()] = meaning
    yield from ()


def fact_person_relation(row: Row, context: Context) -> Rows:
    """The related person is the CODE of DIM_PERSON_ID."""
    source_code = row["DIM_LOOKUP_RELTN_TYPE_CODE"].upper()
    meaning = context.shelves["codes"].get(source_code) or ("CHILD" if source_code == "CHI" else "UNKNOWN")
    if meaning == "UNKNOWN":
        context.note("relationships loaded as UNKNOWN: site_relationship_codes does not explain their code")
    person, related = row["DIM_PERSON_ID"], row["DIM_RELATED_PERSON_ID"]
    start, end = context.span(row, "START_DTTM", "END_DTTM")
    statement = Statement(
        row_id=row["FACT_PERSON_RELATION_ID"],
        left=related,
        code=meaning,
        right=person,
        left_column="DIM_RELATED_PERSON_ID",
        right_column="DIM_PERSON_ID",
        source_code=source_code,
        source_label=source_code,
    )
    hides = context.shelves["hides addresses"]
    fostering = meaning in ("FOSTER_CARER", "FOSTER_CHILD")
    yield (
        "relationship",
        relationship(statement, context)
        | {
            "start": start,
            "end": end,
            "restricted": fostering and (person in hides or related in hides),
            "updated_on": context.past_date(row, "UPDATED_DTTM"),
        },
    )


def dim_person_address(row: Row, context: Context) -> Rows:
    """Where a person lives or lived."""
    person = row["DIM_PERSON_ID"]
    context.known(person, "DIM_PERSON_ID")
    start, end = context.span(row, "START_DTTM", "END_DTTM")
    kind = row["ADDRESS_TYPE"].casefold()
    written = compose(
        flat=row["FLAT_NO"], building=row["BUILDING"], number=row["HOUSE_NO"], street=row["STREET"], town=row["TOWN"]
    )
    standard: StandardRow = {
        "record_id": person,
        **place(written, context.postcode(row, "POSTCODE"), context.uprn(row, "UPRN"), "STREET"),
        "type": _ADDRESS_TYPES.get(kind, "other"),
        "start": start,
        "end": end,
        "hidden": person in context.shelves["hides addresses"],
    }
    yield "address", standard


_ADDRESS_TYPES = {
    "": "home",
    "home": "home",
    "main": "home",
    "placement": "placement",
    "correspondence": "correspondence",
}


def fact_involvements(row: Row, context: Context) -> Rows:
    """A worker's or another agency's involvement with a person."""
    context.known(row["DIM_PERSON_ID"], "DIM_PERSON_ID")
    code = row["DIM_LOOKUP_INVOLVEMENT_TYPE_CODE"].upper()
    meaning = involvement_types().get(code)
    if meaning is None:
        raise RowRejected(
            "DIM_LOOKUP_INVOLVEMENT_TYPE_CODE", "no service is known for this type: add it to involvement_types.csv"
        )
    start, end = context.span(row, "START_DTTM", "END_DTTM")
    department = text(row["DEPARTMENT_NAME"])
    agency = department if code.startswith(_KEY_AGENCY) else None
    worker_id = None if row["DIM_WORKER_ID"] in NO_KEY else row["DIM_WORKER_ID"]
    allocated = bool(flag(row["IS_ALLOCATED_CW_FLAG"]))
    standard: StandardRow = {
        "row_id": row["FACT_INVOLVEMENTS_ID"],
        "record_id": row["DIM_PERSON_ID"],
        "service_id": meaning["service_id"],
        "kind": meaning["kind"],
        "status": open_or_closed(end, context.as_at),
        "start": start,
        "end": end,
        "end_reason": text(row["END_REASON"]) or text(row["DIM_LOOKUP_CWREASON_CODE"]),
        "team": department,
        "role": text(row["WORKER_ROLE"]) or meaning["role"],
        "lead_professional": allocated,
        "organisation": agency,
        "worker_id": worker_id,
        "allocated": allocated,
        "updated_on": context.past_date(row, "UPDATED_DTTM"),
    }
    yield "involvement", standard
    yield from _once("workers", worker_id, "practitioner", _worker(row, department, agency, context), context)
    yield from _once("organisations", agency, "organisation", _organisation(agency or ""), context)


def _once(shelf: str, key: str | None, table: str, row: StandardRow, context: Context) -> Rows:
    """A row the first time its key is met: LCS repeats its workers on every involvement."""
    if key and key not in context.shelves[shelf]:
        context.shelves[shelf][key] = True
        yield table, row


def _worker(row: Row, department: str | None, agency: str | None, context: Context) -> StandardRow:
    return {
        "worker_id": row["DIM_WORKER_ID"],
        "name": clean_name(row["WORKER_NAME"]),
        "role": text(row["WORKER_ROLE"]),
        "team": department,
        "organisation": agency,
        "phone": context.phone(row, "WORKER_PHONE"),
        "email": text(row["WORKER_EMAIL"]),
    }


def _organisation(agency: str) -> StandardRow:
    return {"organisation_id": organisation_key(agency), "name": agency, "kind": organisation_kind(agency)}


@cache
def involvement_types() -> dict[str, dict[str, str]]:
    """Type code -> service, plain words and usual role."""
    with _TYPES.open(encoding="utf-8", newline="") as lines:
        return {row["code"]: row for row in csv.DictReader(lines)}
