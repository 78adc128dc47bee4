"""Mosaic extracts to standard rows: people and their references here, the rest in the files beside this one.

Column meanings: the Mosaic data mart as used by the Standard Safeguarding Dataset and Hackney scripts.
"""

from collections.abc import Iterator

from loaders.birth import birth_date, death_date, says_unborn
from loaders.clean.names import clean_name, sex_code, split_aliases, split_full_name, unique_names
from loaders.context import NO_KEY, Context, Row, RowRejected, StandardRow, flag
from loaders.groups import members_together
from loaders.looked_after import left_over
from loaders.sources.mosaic.addresses import addresses_people, dm_addresses
from loaders.sources.mosaic.plans import dm_legal_statuses, dm_placements, dm_plans, dm_registrations
from loaders.sources.mosaic.relationships import (
    dm_personal_rel_types,
    dm_personal_relationships,
    dm_subgroup_subjects,
    dm_subgroups,
)
from loaders.sources.mosaic.workers import dm_organisations, dm_prof_relationships, dm_worker_roles, dm_workers

Rows = Iterator[tuple[str, StandardRow]]

_KINDS = {
    "NHS": "NHS",
    "NHSNUMBER": "NHS",
    "NHSNO": "NHS",
    "UPN": "UPN",
    "UNIQUEPUPILNUMBER": "UPN",
    "FORMERUPN": "FORMER_UPN",
    "FORMERUNIQUEPUPILNUMBER": "FORMER_UPN",
    "LLID": "LLID",
    "LIQUIDLOGICID": "LLID",
    "ALIAS": "ALIAS",
    "FORMERNAME": "FORMER_NAME",
}
"""Types of reference by their letters: live tables write NHS, the data mart and other sites the words."""


def dm_person_references(row: Row, context: Context) -> Rows:
    """Identifiers and other names, kept for the person's own row."""
    person = row["PERSON_ID"]
    if person in NO_KEY:
        raise RowRejected("PERSON_ID", "no person id")
    said = row["REFERENCE_TYPE_CODE"] or row["REFERENCE_TYPE"]
    kind = _KINDS.get("".join(filter(str.isalnum, said.upper())), said.upper())
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
            context.unknown_code("REFERENCE_TYPE_CODE", kind)
            return []


def _some(value: str | None) -> list[str]:
    return [value] if value else []


def dm_persons(row: Row, context: Context) -> Rows:
    """A person, with what dm_person_references says of them."""
    record_id = row["PERSON_ID"]
    restricted, kind = context.restriction(row, ("RESTRICTED",))
    unnamed = says_unborn(row["FIRST_NAME"], row["LAST_NAME"], row["FULL_NAME"])
    unborn = bool(flag(row["UNBORN"]))
    expected = unborn or unnamed or bool(flag(row["DOB_ESTIMATED"]))
    dob = birth_date(row, "DATE_OF_BIRTH", context, unborn=expected, restricted=restricted)
    unborn = unborn or (unnamed if dob is None else dob > context.as_at)
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
        "dob_estimated": False if dob and dob > context.as_at else flag(row["DOB_ESTIMATED"]),
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


def finish(context: Context) -> Rows:
    """What only all the files say together: who is in one group, and what no plan shows of a child's time in care."""
    yield from members_together(context, context.shelves["hidden placements"])
    yield from left_over(context, "csc")


__all__ = [
    "addresses_people",
    "dm_addresses",
    "dm_legal_statuses",
    "dm_organisations",
    "dm_person_references",
    "dm_personal_rel_types",
    "dm_personal_relationships",
    "dm_persons",
    "dm_placements",
    "dm_plans",
    "dm_prof_relationships",
    "dm_registrations",
    "dm_subgroup_subjects",
    "dm_subgroups",
    "dm_worker_roles",
    "dm_workers",
    "finish",
]
