"""People and addresses of sources whose layout is our own assumption: plain column names, the same in each of them.

A council's real names for these columns go into its column map. A column that is not there is empty.
"""

from collections.abc import Iterator

from loaders.birth import birth_date, death_date
from loaders.clean.addresses import split_line
from loaders.clean.names import clean_name, sex_code, split_aliases, unique_names
from loaders.context import Context, Row, StandardRow, flag

Rows = Iterator[tuple[str, StandardRow]]


def plain_person(row: Row, record_id: str, context: Context) -> StandardRow:
    """The person of a row. Raises RowRejected.

    Columns read: forename, middle_names, surname, known_as, former_names, sex (or gender), dob, date_of_death, upn,
    former_upn, uln, restricted, adopted, updated. `restricted` counts only where the source has such a column, and then
    a value that is neither yes nor no restricts. Of a child adopted from care, former names and numbers are left out:
    they lead to the life before.
    """
    restricted, kind = context.restriction(row, ("restricted",)) if "restricted" in row else (False, None)
    dob = birth_date(row, "dob", context, unborn=False, restricted=restricted)
    dod = death_date(row, "date_of_death", context, dob)
    sex = sex_code(row["sex"] or row["gender"])
    adopted = flag(row["adopted"]) is True
    forename, surname = clean_name(row["forename"]), clean_name(row["surname"])
    whole = " ".join(filter(None, (forename, surname)))
    former = [] if adopted else split_aliases(row["former_names"])
    if adopted:
        context.note("children adopted from care: former names and numbers are left out")
    standard: StandardRow = {
        "record_id": record_id,
        "forename": forename,
        "middle_names": clean_name(row["middle_names"]),
        "surname": surname,
        "known_as": clean_name(row["known_as"]),
        "other_names": unique_names(former, apart_from=whole),
        "sex": sex,
        "dob": dob,
        "dod": dod,
        "status": "deceased" if dod else "alive",
        "upn": context.upn(row, "upn"),
        "former_upn": None if adopted else context.upn(row, "former_upn"),
        "uln": context.uln(row, "uln"),
        "restricted": restricted,
        "restriction_kind": kind,
        "adopted": adopted,
        "updated_on": context.past_date(row, "updated"),
    }
    context.add_person(record_id, sex, dob)
    return standard


def plain_address(row: Row, record_id: str, context: Context, line: str = "address", code: str = "postcode") -> Rows:
    """The address of a row as one line, with its postcode and property number; nothing where the row names no place.

    A postcode alone is kept: it makes no place, but tells namesakes apart.
    """
    text, within = split_line(row[line])
    postcode, uprn = context.postcode(row, code) or within, context.uprn(row, "uprn")
    if text or postcode or uprn:
        place: StandardRow = {"text": text, "postcode": postcode, "uprn": uprn}
        yield "address", {"record_id": record_id, **place, "type": "home", "hidden": False}
