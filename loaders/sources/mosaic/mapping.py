"""Mosaic extracts to standard rows. PERSON_ID of a relationship has the LEFT label: the opposite way to LCS.

Column meanings: the Mosaic data mart as used by the Standard Safeguarding Dataset and Hackney scripts.
"""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from loaders.birth import birth_date, death_date
from loaders.clean.names import clean_name, sex_code, split_aliases, split_full_name, unique_names
from loaders.clean.organisations import organisation_key, organisation_kind
from loaders.context import NO_KEY, Context, Row, RowRejected, StandardRow, flag, text
from loaders.relate import Statement, open_or_closed, relationship
from loaders.sources.mosaic.addresses import addresses_people, dm_addresses
from loaders.sources.mosaic.labels import UNMAPPED, read_label

Rows = Iterator[tuple[str, StandardRow]]

_TYPES = Path(__file__).with_name("involvement_types.csv")


def dm_person_references(row: Row, context: Context) -> Rows:
    """Identifiers and other names, kept for the person's own row."""
    person = row["PERSON_ID"]
    if person in NO_KEY:
        raise RowRejected("PERSON_ID", "no person id")
    kind = row["REFERENCE_TYPE_CODE"].upper()
    values = _reference(kind, row, context)
    if values:
        context.shelves["references"].setdefault(person, {}).setdefault(kind, []).extend(values)
    yield from ()


def _reference(kind: str, row: Row, context: Context) -> list[str]:
    match kind:
        case "NHS":
            return _some(context.nhs_number(row, "REFERENCE"))
        case "UPN" | "FORMER_UPN":
            return _some(context.upn(row, "REFERENCE"))
        case "LLID":
            return _some(None if row["REFERENCE"] in NO_KEY else row["REFERENCE"])
        case "ALIAS" | "FORMER_NAME":
            return split_aliases(row["REFERENCE"])
        case _:
            context.note("references of a type that is not used")
            return []


def _some(value: str | None) -> list[str]:
    return [value] if value else []


def dm_workers(row: Row, context: Context) -> Rows:
    """A worker, and the organisation they name."""
    organisation = text(row["ORGANISATION"])
    worker: StandardRow = {
        "worker_id": row["WORKER_ID"],
        "name": clean_name(row["FULL_NAME"]),
        "role": text(row["ROLE"]),
        "team": text(row["TEAM"]),
        "organisation": organisation,
        "phone": context.phone(row, "TELEPHONE"),
        "email": text(row["EMAIL"]),
    }
    context.shelves["workers"][row["WORKER_ID"]] = worker
    yield "practitioner", worker
    if organisation and organisation not in context.shelves["organisations"]:
        context.shelves["organisations"][organisation] = True
        yield (
            "organisation",
            {
                "organisation_id": organisation_key(organisation),
                "name": organisation,
                "kind": organisation_kind(organisation),
            },
        )


def dm_persons(row: Row, context: Context) -> Rows:
    """A person, with what dm_person_references says of them."""
    record_id = row["PERSON_ID"]
    restricted, kind = context.restriction(row, ("RESTRICTED",))
    unborn = bool(flag(row["UNBORN"]))
    dob = birth_date(row, "DATE_OF_BIRTH", context, unborn=unborn, restricted=restricted)
    dod = death_date(row, "DATE_OF_DEATH", context, dob)
    forename, surname = clean_name(row["FIRST_NAME"]), clean_name(row["LAST_NAME"])
    if forename is None and surname is None:
        forename, surname = split_full_name(row["FULL_NAME"])
    references = context.shelves["references"].pop(record_id, {})
    sex = sex_code(row["GENDER"])
    context.add_person(record_id, sex, dob)
    standard: StandardRow = {
        "record_id": record_id,
        "forename": forename,
        "middle_names": clean_name(row["MIDDLE_NAMES"]),
        "surname": surname,
        "known_as": clean_name(row["KNOWN_AS"]),
        "other_names": unique_names(references.get("FORMER_NAME", []), references.get("ALIAS", [])),
        "sex": sex,
        "dob": dob,
        "dob_estimated": flag(row["DOB_ESTIMATED"]),
        "dod": dod,
        "status": "deceased" if dod else "unborn" if unborn else "alive",
        "nhs_number": context.nhs_number(row, "NHS_ID") or _first(references, "NHS"),
        "upn": context.upn(row, "UPN_ID") or _first(references, "UPN"),
        "former_upn": context.upn(row, "FORMER_UPN_ID") or _first(references, "FORMER_UPN"),
        "llid": _first(references, "LLID"),
        "is_client": {"A": False, "C": True, "B": True}.get(row["CONTEXT_FLAG"].upper()),
        "restricted": restricted,
        "restriction_kind": kind,
        "duplicate_of": None if row["DUPLICATE_OF"] in NO_KEY else row["DUPLICATE_OF"],
        "updated_on": context.past_date(row, "UPDATED_ON"),
    }
    yield "person", standard


def _first(references: dict[str, list[str]], kind: str) -> str | None:
    values = references.get(kind)
    return values[0] if values else None


def dm_personal_rel_types(row: Row, context: Context) -> Rows:
    """A relationship type of this site, kept for the relationships: ids differ from site to site, labels do not."""
    if read_label(row["DESCRIPTION"]) is UNMAPPED:
        context.note("relationship types not in the vocabulary: their relationships are loaded as UNKNOWN")
    context.shelves["types"][row["PERSONAL_REL_TYPE_ID"]] = row["DESCRIPTION"]
    yield from ()


def dm_personal_relationships(row: Row, context: Context) -> Rows:
    """PERSON_ID is the left word of OTHER_PERSON_ID: "Mother : Son" says that PERSON_ID is the mother."""
    description = context.shelves["types"].get(row["PERSONAL_REL_TYPE_ID"])
    label = read_label(description or "")
    code, left_sex = label.code, label.left_sex
    if flag(row["IS_MOTHER"]) and code in ("UNKNOWN", "OTHER_RELATIVE"):
        code, left_sex = "PARENT", "F"
    if code == "UNKNOWN":
        context.note("relationships loaded as UNKNOWN: their type has no known label")
    left, right = row["PERSON_ID"], row["OTHER_PERSON_ID"]
    start, end = context.span(row, "START_DATE", "END_DATE")
    statement = Statement(
        row_id=row["PERSONAL_RELATIONSHIP_ID"],
        left=left,
        code=code,
        right=right,
        left_column="PERSON_ID",
        right_column="OTHER_PERSON_ID",
        source_code=row["PERSONAL_REL_TYPE_ID"],
        source_label=text(description or ""),
        left_sex=left_sex,
        right_sex=label.right_sex,
    )
    standard = relationship(statement, context)
    forwards = standard["from_record"] == left
    hidden = context.shelves["hidden placements"]
    yield (
        "relationship",
        standard
        | {
            "start": start,
            "end": end,
            **_said_of_left(row, forwards),
            "lives_with": flag(row["LIVES_WITH"]),
            "restricted": code in ("FOSTER_CARER", "FOSTER_CHILD") and (left in hidden or right in hidden),
            "updated_on": context.past_date(row, "UPDATED_ON"),
        },
    )


def _said_of_left(row: Row, forwards: bool) -> StandardRow:
    """What the row says of the left person: it belongs to the edge only where that person is also its first end.

    A mirror row ("Son : Mother") repeats the edge; its flags say that the son has no parental responsibility for his
    mother, which is nothing about the mother.
    """
    if not forwards:
        return {"parental_responsibility": None, "is_main_carer": None, "is_informal_carer": None}
    holds = flag(row["PARENTAL_RESPONSIBILITY"])
    return {
        "parental_responsibility": None if holds is None else "Y" if holds else "N",
        "is_main_carer": flag(row["IS_MAIN_CARER"]),
        "is_informal_carer": flag(row["IS_INFORMAL_CARER"]),
    }


def dm_prof_relationships(row: Row, context: Context) -> Rows:
    """A worker's involvement with a person."""
    context.known(row["PERSON_ID"], "PERSON_ID")
    meaning = involvement_types().get(row["PROF_REL_TYPE_CODE"].upper())
    if meaning is None:
        raise RowRejected("PROF_REL_TYPE_CODE", "no service is known for this type: add it to involvement_types.csv")
    start, end = context.span(row, "START_DATE", "END_DATE")
    worker_id = None if row["WORKER_ID"] in NO_KEY else row["WORKER_ID"]
    worker = context.shelves["workers"].get(worker_id or "", {})
    allocated = row["PROF_REL_TYPE_CODE"].upper() == "REL.ALLWORK"
    standard: StandardRow = {
        "row_id": row["PROF_RELATIONSHIP_ID"],
        "record_id": row["PERSON_ID"],
        "service_id": meaning["service_id"],
        "kind": meaning["kind"],
        "status": open_or_closed(end, context.as_at),
        "start": start,
        "end": end,
        "end_reason": text(row["END_DATE_REASON"]),
        "team": worker.get("team"),
        "role": worker.get("role") or meaning["role"],
        "lead_professional": allocated,
        "organisation": worker.get("organisation"),
        "worker_id": worker_id,
        "allocated": allocated,
        "updated_on": context.past_date(row, "UPDATED_ON"),
    }
    yield "involvement", standard


@cache
def involvement_types() -> dict[str, dict[str, str]]:
    """Type code -> service, plain words and usual role."""
    with _TYPES.open(encoding="utf-8", newline="") as lines:
        return {row["code"]: row for row in csv.DictReader(lines)}


__all__ = [
    "addresses_people",
    "dm_addresses",
    "dm_person_references",
    "dm_personal_rel_types",
    "dm_personal_relationships",
    "dm_persons",
    "dm_prof_relationships",
    "dm_workers",
]
