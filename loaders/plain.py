"""People in plain columns (forename, surname, dob, sex, address_line, postcode, uprn): the layout assumed for sources
whose own nobody has published. What a source adds to it stands in its mapping.
"""

from collections.abc import Iterator

from loaders.birth import birth_date, death_date, says_unborn
from loaders.clean.addresses import split_line
from loaders.clean.names import clean_name, sex_code, split_aliases, unique_names
from loaders.context import NO_KEY, Context, Row, StandardRow, flag

Rows = Iterator[tuple[str, StandardRow]]


def client(row: Row, record_id: str, context: Context, restriction: tuple[bool, str | None]) -> Rows:
    """A person of a case system with the numbers it holds, and their address: hidden where they are restricted.

    `restriction` is whether the source restricts them, and its word for it. Columns more than a person's: known_as,
    nhs_number, upn, uln, llid, is_client, adopted, duplicate_of, unborn, updated_on. Raises RowRejected.
    """
    restricted, kind = restriction
    survivor = row["duplicate_of"]
    more: StandardRow = {
        "known_as": clean_name(row["known_as"]),
        "nhs_number": context.nhs_number(row, "nhs_number"),
        "upn": context.upn(row, "upn"),
        "uln": context.uln(row, "uln"),
        "llid": None if row["llid"] in NO_KEY else row["llid"],
        "is_client": flag(row["is_client"]),
        "adopted": flag(row["adopted"]),
        "duplicate_of": None if survivor in NO_KEY or survivor == record_id else survivor,
        "updated_on": context.past_date(row, "updated_on"),
    }
    unborn = flag(row["unborn"]) is True
    yield "person", person(row, record_id, context, restricted=restricted, kind=kind, unborn=unborn) | more
    yield from home(row, record_id, context, hidden=restricted)


def said_secure(row: Row, context: Context, column: str) -> tuple[bool, str | None]:
    """Whether a flag restricts a person. A file without the flag restricts nobody; an empty or odd cell restricts."""
    return context.restriction(row, (column,)) if column in row else (False, None)


def person(
    row: Row,
    record_id: str,
    context: Context,
    *,
    restricted: bool = False,
    kind: str | None = None,
    unborn: bool = False,
) -> StandardRow:
    """The standard row of a person, who is remembered for the files that follow. Raises RowRejected."""
    unborn, estimated = unborn or says_unborn(row["forename"], row["surname"]), flag(row["dob_estimated"])
    dob = birth_date(row, "dob", context, unborn=unborn or bool(estimated), restricted=restricted)
    to_come = dob is not None and dob > context.as_at
    dod = death_date(row, "date_of_death", context, dob)
    sex = sex_code(row["sex"])
    context.add_person(record_id, sex, dob)
    return {
        "record_id": record_id,
        "forename": clean_name(row["forename"]),
        "middle_names": clean_name(row["middle_names"]),
        "surname": clean_name(row["surname"]),
        "other_names": unique_names(split_aliases(row["alias_names"])),
        "sex": sex,
        "dob": dob,
        "dob_estimated": False if to_come else estimated,
        "dod": dod,
        "status": "deceased" if dod else "unborn" if to_come or (unborn and dob is None) else "alive",
        "restricted": restricted,
        "restriction_kind": kind,
    }


def home(row: Row, record_id: str, context: Context, **said: object) -> Rows:
    """The address on the person's own row; nothing where it names no place. `said` replaces columns or adds them."""
    written, tail = split_line(row["address_line"])
    postcode = context.postcode(row, "postcode")
    if postcode is None and tail is not None:
        postcode = context.postcode(Row(address_line=tail), "address_line")
    uprn = context.uprn(row, "uprn")
    if written or postcode or uprn:
        standard: StandardRow = {
            "record_id": record_id,
            "text": written,
            "postcode": postcode,
            "uprn": uprn,
            "type": "home",
            "hidden": False,
        }
        yield "address", standard | said
