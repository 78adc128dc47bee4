"""People of the Standard Safeguarding Dataset: clients from ssd_person, everybody and all restrictions from people_all.

A client is told once, with what both files say. Identifiers that say "none" (SSD_PH, UN1, 1900-01-01) are none: the
public scripts write one of them for every child.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from loaders import plain
from loaders.birth import birth_date, death_date, says_unborn
from loaders.clean.identifiers import is_placeholder
from loaders.clean.names import clean_name, sex_code, split_aliases, unique_names
from loaders.context import NO_KEY, NO_RESTRICTION_DATA, Context, Row, RowRejected, StandardRow, flag

Rows = Iterator[tuple[str, StandardRow]]

_KINDS = {
    "NHSNUMBER": "nhs_number",
    "UNIQUEPUPILNUMBER": "upn",
    "UPN": "upn",
    "FORMERUNIQUEPUPILNUMBER": "former_upn",
    "FORMERUPN": "former_upn",
    "UNIQUELEARNERNUMBER": "uln",
    "ULN": "uln",
    "LIQUIDLOGICID": "llid",
    "LLID": "llid",
}
_SHIELDS = {
    "SECURE": "Secure",
    "ISHIDDEN": "IsHidden",
    "HIDEALLADDRESSES": "HideAllAddresses",
    "RESTRICTED": "restricted",
    "S": "S-flag",
}
"""Flags of the systems SSD is made from, which a council may hand over by name instead of Y and N."""


def ssd_linked_identifiers(row: Row, context: Context) -> Rows:
    """An identifier, kept for the person's own row. A number that has ended is a former one, or nothing."""
    person = row["link_person_id"]
    if person in NO_KEY:
        raise RowRejected("link_person_id", "no person id")
    kind = _KINDS.get(re.sub(r"[^A-Z]", "", row["link_identifier_type"].upper()))
    until = context.optional_date(row, "link_valid_to_date")
    if until is not None and until < context.as_at:
        kind = "former_upn" if kind in ("upn", "former_upn") else None
    if kind is None:
        context.note("identifiers of a kind that is not used, or that have ended")
    else:
        keep_identifier(person, kind, row, "link_identifier_value", context)
    yield from ()


def keep_identifier(person: str, kind: str, row: Row, column: str, context: Context) -> None:
    """Keep a valid identifier for the person's own row. One that stands for "none" is not worth a word."""
    if row[column] in NO_KEY or is_placeholder(row[column]):
        return
    value = row[column] if kind == "llid" else _checked(kind, row, column, context)
    if value:
        context.shelves["identifiers"].setdefault(person, {}).setdefault(kind, value)


def _checked(kind: str, row: Row, column: str, context: Context) -> str | None:
    reader = {"nhs_number": context.nhs_number, "uln": context.uln}.get(kind, context.upn)
    return reader(row, column)


def ssd_person(row: Row, context: Context) -> Rows:
    """A client, kept for people_all, which alone says whether they are restricted."""
    record_id = row["pers_person_id"]
    dob, estimated = _birth(row, context)
    for kind, column in (
        ("nhs_number", "pers_single_unique_id"),
        ("nhs_number", "pers_common_child_id"),
        ("upn", "pers_upn"),
    ):
        keep_identifier(record_id, kind, row, column, context)
    sex = sex_code(row["pers_sex"])
    context.add_person(record_id, sex, dob)
    context.shelves["clients"][record_id] = {
        "record_id": record_id,
        "forename": clean_name(row["pers_forename"]),
        "surname": clean_name(row["pers_surname"]),
        "sex": sex,
        "dob": dob,
        "dob_estimated": estimated,
        "dod": death_date(row, "pers_death_date", context, dob),
        "is_client": True,
        "source_row": context.source_row,
    }
    yield from ()


def _birth(row: Row, context: Context) -> tuple[date | None, bool | None]:
    """(date, estimated). The scripts write an estimated date of birth into pers_expected_dob, as they do a date that a
    child is expected on: one to come is an unborn child's, one gone by is an estimate. Neither is ever left out.
    """
    unnamed = says_unborn(row["pers_forename"], row["pers_surname"])
    dob = birth_date(row, "pers_dob", context, unborn=unnamed, restricted=False)
    if dob is not None:
        return dob, False
    expected = birth_date(row, "pers_expected_dob", context, unborn=True, restricted=False)
    return expected, None if expected is None else expected <= context.as_at


def people_all(row: Row, context: Context) -> Rows:
    """Anybody the case management system knows, clients and the adults around them, and whether they are restricted."""
    record_id = row["person_id"]
    restricted, kind = _restriction(row, context)
    client: dict[str, Any] = context.shelves["clients"].get(record_id, {})
    dob = birth_date(row, "dob", context, unborn=True, restricted=restricted or bool(client))
    merged = _merged(client, _said(row, dob, context), context)
    context.shelves["clients"].pop(record_id, None)
    if restricted:
        context.shelves["restricted"][record_id] = True
    yield "person", _person(merged | {"restricted": restricted, "restriction_kind": kind}, context)
    yield from plain.home(row, record_id, context, hidden=restricted)


def _restriction(row: Row, context: Context) -> tuple[bool, str | None]:
    words = re.split(r"[^A-Z]+", row["restricted"].upper())
    kinds = [_SHIELDS[word] for word in words if word in _SHIELDS]
    if kinds:
        return True, ", ".join(kinds)
    return context.restriction(row, ("restricted",))


def _said(row: Row, dob: date | None, context: Context) -> dict[str, Any]:
    client = flag(row["is_client"])
    survivor = row["duplicate_of"]
    return {
        "record_id": row["person_id"],
        "forename": clean_name(row["forename"]),
        "middle_names": clean_name(row["middle_names"]),
        "surname": clean_name(row["surname"]),
        "other_names": split_aliases(row["alias_names"]),
        "sex": sex_code(row["sex"]),
        "dob": dob,
        "dob_estimated": flag(row["dob_estimated"]) if dob else None,
        "dod": death_date(row, "date_of_death", context, dob),
        "nhs_number": context.nhs_number(row, "nhs_number"),
        "is_client": client,
        "duplicate_of": None if survivor in NO_KEY or survivor == row["person_id"] else survivor,
    }


def _merged(client: dict[str, Any], said: dict[str, Any], context: Context) -> dict[str, Any]:
    """What both files say of one person. ssd_person counts first, save for a date of birth that it only estimates."""
    merged = said | {name: value for name, value in client.items() if value is not None and name != "source_row"}
    if client.get("sex") == "U":
        merged["sex"] = said["sex"]
    theirs, ours = client.get("dob"), said["dob"]
    if theirs and ours and theirs != ours:
        context.note("dates of birth that differ from ssd_person: the one that is not an estimate is kept")
        if client["dob_estimated"] and not said["dob_estimated"]:
            merged |= {"dob": ours, "dob_estimated": said["dob_estimated"]}
    aliases = said["other_names"] + [full for one in (client, said) if (full := _full_name(one))]
    merged["other_names"] = unique_names(aliases, apart_from=_full_name(merged))
    if said["nhs_number"]:
        context.shelves["identifiers"].setdefault(merged["record_id"], {}).setdefault("nhs_number", said["nhs_number"])
    return merged


def _full_name(said: dict[str, Any]) -> str:
    return " ".join(filter(None, (said.get("forename"), said.get("surname"))))


def _person(said: dict[str, Any], context: Context) -> StandardRow:
    """The person's row with their identifiers and what their dates say of their being alive."""
    dob: date | None = said["dob"]
    context.add_person(said["record_id"], said["sex"], dob)
    identifiers = context.shelves["identifiers"].pop(said["record_id"], {})
    unborn = dob is not None and dob > context.as_at
    status = "deceased" if said["dod"] else "unborn" if unborn else "alive"
    return {**said, "nhs_number": None, **identifiers, "status": status}


def finish(context: Context) -> Rows:
    """Clients whom people_all does not list: restricted, because nobody said that they are not."""
    for client in context.shelves["clients"].values():
        shield = {"restricted": True, "restriction_kind": NO_RESTRICTION_DATA}
        context.notes["people_all.csv", f"clients it does not list: restricted as {NO_RESTRICTION_DATA}"] += 1
        yield "person", _person(client | shield, context)
    if context.shelves["identifiers"]:
        context.notes["ssd_linked_identifiers.csv", "identifiers of people whom no file lists"] += len(
            context.shelves["identifiers"]
        )
