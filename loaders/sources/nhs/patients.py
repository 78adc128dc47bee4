"""Patients to standard rows, with their addresses and their general practice.

A restricted record (S-flag) may be found and its place may not: every address of it is hidden. A number or a name that
leads to the time before an adoption is never read (source.toml).
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from loaders.birth import birth_date, birth_order, death_date
from loaders.clean.addresses import one_line
from loaders.clean.names import clean_name, sex_code, split_aliases, unique_names
from loaders.codes import look_up
from loaders.context import NO_RESTRICTION_DATA, Context, Row, StandardRow, text
from loaders.involved import involvement
from loaders.workers import organisation

Rows = Iterator[tuple[str, StandardRow]]

_S_FLAGS = Path(__file__).with_name("s_flags.csv")
_GP = {"service_id": "gp", "kind": "Registered patient"}
_DEAD = frozenset({"1", "2"})
"""Death notification status: 1 informal, 2 formal."""
_NOT_NAMED = frozenset({"baby", "infant", "newborn", "twin", "triplet"})
_BESIDE = frozenset({"boy", "girl", "male", "female", "one", "two", "three", "of", "i", "ii", "iii"})


def pds_demographics(row: Row, context: Context) -> Rows:
    """A patient, where they live, and the practice they are registered with."""
    record_id = row["patient_id"]
    restricted, kind = _restriction(row, context)
    born = birth_date(row, "date_of_birth", context, unborn=False, restricted=restricted)
    died = death_date(row, "date_of_death", context, born)
    gone = died is not None or row["death_notification_status"] in _DEAD
    sex, number = sex_code(row["gender"]), context.nhs_number(row, "nhs_number")
    context.add_person(record_id, sex, born)
    if number:
        context.shelves["patients"].setdefault(number, record_id)
    surname = clean_name(row["family_name"])
    standard: StandardRow = {
        "record_id": record_id,
        "forename": _given_name(row, context),
        "middle_names": clean_name(row["other_given_names"]),
        "surname": surname,
        "known_as": clean_name(row["preferred_name"]),
        "other_names": unique_names(
            split_aliases(row["previous_names"]), split_aliases(row["alias_names"]), apart_from=surname or ""
        ),
        "sex": sex,
        "dob": born,
        "dob_estimated": True if _perhaps_unknown(born, context) else None,
        "dod": died,
        "status": "deceased" if gone else "alive",
        "nhs_number": number,
        "birth_order": birth_order(row, "birth_order", context),
        "is_client": True,
        "restricted": restricted,
        "restriction_kind": kind,
        "updated_on": context.past_date(row, "updated_on"),
    }
    yield "person", standard
    yield from _addresses(row, record_id, restricted, context)
    yield from _practice(row, record_id, died, gone, context)


def _restriction(row: Row, context: Context) -> tuple[bool, str | None]:
    """What the S-flag says. One that says nothing known restricts."""
    said = look_up(_S_FLAGS, row["s_flag"])
    if said is None:
        context.unknown_code("s_flag", row["s_flag"])
        context.unsaid += 1
        return True, NO_RESTRICTION_DATA
    return (True, "S-flag") if said["restricted"] == "Y" else (False, None)


def _given_name(row: Row, context: Context) -> str | None:
    """The first name; none where it only says that the child has not been named ("Baby", "Twin Two")."""
    name = clean_name(row["given_name"])
    words = name.casefold().split() if name else []
    if (
        words
        and not _NOT_NAMED.isdisjoint(words)
        and {word for word in words if word.isalpha()} <= _NOT_NAMED | _BESIDE
    ):
        context.note("first names that only say that a child has not been named: left out")
        return None
    return name


def _perhaps_unknown(born: date | None, context: Context) -> bool:
    """1 January is what many clerks enter for a birthday nobody knows."""
    if born is None or (born.month, born.day) != (1, 1):
        return False
    context.note("births on 1 January: taken for estimates")
    return True


def _addresses(row: Row, record_id: str, restricted: bool, context: Context) -> Rows:
    for use, kind in (("main", "home"), ("temporary", "other"), ("correspondence", "correspondence")):
        written, postcode = one_line(row[f"{use}_address"]), context.postcode(row, f"{use}_postcode")
        uprn = context.uprn(row, f"{use}_uprn")
        if not (written or postcode or uprn):
            continue
        standard: StandardRow = {
            "record_id": record_id,
            "text": written,
            "postcode": postcode,
            "uprn": uprn,
            "type": kind,
            "start": context.past_date(row, f"{use}_from"),
            "end": context.optional_date(row, f"{use}_to"),
            "hidden": restricted,
        }
        yield "address", standard


def _practice(row: Row, record_id: str, died: date | None, gone: bool, context: Context) -> Rows:
    """The general practice: an organisation, and the patient's registration with it."""
    name = text(row["gp_practice_name"]) or text(row["gp_practice_code"])
    if name is None:
        return
    yield from organisation(name, context, "GP practice")
    days = (context.past_date(row, "gp_registered_on"), died)
    status = "closed" if gone else "open"
    yield "involvement", involvement(f"{record_id}-gp", record_id, _GP, days, context, status=status, organisation=name)
