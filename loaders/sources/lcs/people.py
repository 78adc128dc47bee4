"""LCS people, with the protection, duplicate and adoption flags of isperson.

AdoptedLinkedPersonID ties a child to the person they were before adoption. It is never read: the reader leaves it out.
What a restriction protects from, and the counts of hazards, risks and allegations, are never read either.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from loaders.birth import birth_date, death_date, says_unborn
from loaders.clean.names import clean_name, sex_code, split_aliases, unique_names
from loaders.context import NO_KEY, NO_RESTRICTION_DATA, Context, Row, RowRejected, StandardRow, flag

Rows = Iterator[tuple[str, StandardRow]]

_RESTRICTIONS = ("Secure", "IsHidden", "HideAllAddresses")
_UNBORN_DECEASED = {
    "MISCARRIED": "miscarried",
    "M": "miscarried",
    "STILLBORN": "stillborn",
    "S": "stillborn",
    "Y": "deceased",
}


def isperson(row: Row, context: Context) -> Rows:
    """Restriction, duplicate and adoption flags, kept for the person's own row."""
    record_id = row["PersonID"]
    if record_id in NO_KEY:
        raise RowRejected("PersonID", "no person id")
    restricted, kind = _restriction(row, context)
    flags: dict[str, Any] = {
        "restricted": restricted,
        "kind": kind,
        "hides": flag(row["HideAllAddresses"]) is not False,
        "adopted": flag(row["IsAdopted"]),
        "duplicate_of": _survivor(row),
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


def _restriction(row: Row, context: Context) -> tuple[bool, str | None]:
    """The three flags that must be said, and two that restrict only where they are: kept out of LCS's own search
    (InSearch says no), and secure before an adoption (PreAdoptionSecure). A date of review that has passed lifts
    nothing.
    """
    restricted, kind = context.restriction(row, _RESTRICTIONS)
    more = [name for name, kept in (("InSearch", False), ("PreAdoptionSecure", True)) if flag(row[name]) is kept]
    if more:
        said = [kind] if restricted and kind else []
        restricted, kind = True, ", ".join([*said, *more])
    review = context.optional_date(row, "SecureReviewDate")
    if restricted and review is not None and review < context.as_at:
        context.note("restrictions whose day of review has passed: they hold until somebody lifts them")
    return restricted, kind


def _survivor(row: Row) -> str:
    """The record that stays, of a person marked as a duplicate; the mark may also stand on its date alone."""
    marked = flag(row["IsDuplicate"]) or (flag(row["IsDuplicate"]) is None and bool(row["MarkedAsDuplicateDate"]))
    survivor = row["DuplicatedPersonID"]
    return survivor if marked and survivor not in NO_KEY and survivor != row["PersonID"] else ""


def dim_person(row: Row, context: Context) -> Rows:
    """A person, with their flags from isperson. One it does not list is restricted: nobody said they are not."""
    record_id = row["DIM_PERSON_ID"]
    flags = context.shelves["flags"].pop(record_id, None)
    if flags is None:
        context.note(f"people without a row in isperson: restricted as {NO_RESTRICTION_DATA}")
        flags = {"restricted": True, "kind": NO_RESTRICTION_DATA, "hides": True}
    dob, estimated, unborn = _birth(row, flags["restricted"], context)
    dod = death_date(row, "DEATH_DTTM", context, dob)
    sex = sex_code(row["GENDER_MAIN_CODE"])
    if flags["hides"]:
        context.shelves["hides addresses"][record_id] = True
        context.shelves["hidden places"][record_id] = True
    if row["DUPLICATED_DTTM"] and not flags.get("duplicate_of"):
        context.note("people marked as duplicates without the record that stays: kept as they are")
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


def _birth(row: Row, restricted: bool, context: Context) -> tuple[date | None, bool | None, bool]:
    """(date, estimated, unborn). A past expected date, with no date of birth, is an estimate of it. LCS calls the
    day an unborn child is expected on an estimated date of birth.
    """
    estimated, unnamed = flag(row["DOB_ESTIMATED"]), says_unborn(row["FORENAME"], row["SURNAME"])
    expected = bool(row["EXPECTED_DOB"] or estimated or unnamed)
    dob = birth_date(row, "BIRTH_DTTM", context, unborn=expected, restricted=restricted)
    if dob is None and row["EXPECTED_DOB"]:
        dob = birth_date(row, "EXPECTED_DOB", context, unborn=True, restricted=restricted)
        estimated = dob is not None
    if dob is None:
        return None, estimated, unnamed
    to_come = dob > context.as_at
    return dob, False if to_come else estimated, to_come
