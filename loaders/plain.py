"""People in plain columns (forename, surname, dob, sex, address_line, postcode, uprn): the layout assumed for sources
whose own nobody has published. What a source adds to it stands in its mapping.
"""

from collections.abc import Iterator

from loaders.birth import birth_date, death_date
from loaders.clean.addresses import split_line
from loaders.clean.names import clean_name, sex_code, split_aliases, unique_names
from loaders.context import Context, Row, StandardRow, flag

Rows = Iterator[tuple[str, StandardRow]]


def person(
    row: Row, record_id: str, context: Context, *, restricted: bool = False, kind: str | None = None
) -> StandardRow:
    """The standard row of a person, who is remembered for the files that follow. Raises RowRejected."""
    dob = birth_date(row, "dob", context, unborn=False, restricted=restricted)
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
        "dob_estimated": flag(row["dob_estimated"]),
        "dod": dod,
        "status": "deceased" if dod else "alive",
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
