"""Any list of people, as the standard tables: columns recognised by their usual names, whatever their case.

Reads one CSV file. Values are cleaned, never guessed: an identifier that fails its check digit is no identifier.
"""

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from graph.errors import DataRefused, StorageFailed, UsageError
from loaders.clean import identifiers, placeholders
from loaders.clean.names import sex_code
from loaders.tables import ADDRESS, PERSON

Row = dict[str, str]
CHECKED: Mapping[str, Callable[[str], str | None]] = {
    "nhs_number": identifiers.nhs_number,
    "upn": identifiers.upn,
    "former_upn": identifiers.upn,
    "uln": identifiers.uln,
    "pnc": identifiers.pnc,
    "llid": identifiers.llid,
}
ONE_SOURCE = "list"  # the source of every row when the list names none

# What each column may be called, letters and digits only. The first is the name this program uses.
SYNONYMS: Mapping[str, Sequence[str]] = {
    "source": ("source", "dataset", "sourcedataset", "system", "sourcesystem", "datasource"),
    "record_id": ("recordid", "id", "uniqueid", "recid", "personid", "uid", "rowid", "recordnumber"),
    "forename": (
        "forename",
        "firstname",
        "givenname",
        "forenames",
        "firstnames",
        "givennames",
        "first",
        "fname",
        "christianname",
    ),
    "middle_names": ("middlenames", "middlename", "middle", "secondname", "mname", "middleinitial"),
    "surname": ("surname", "lastname", "familyname", "last", "lname", "secondnamefamily"),
    "former_surname": ("formersurname", "maidenname", "previoussurname", "formername", "birthname", "previousname"),
    "known_as": ("knownas", "preferredname", "preferredforename", "nickname", "alias"),
    "name": ("name", "fullname", "personname"),
    "dob": ("dob", "dateofbirth", "birthdate", "birthdttm", "birthday", "datebirth", "yearofbirth", "birthyear", "yob"),
    "sex": ("sex", "gender"),
    "nhs_number": ("nhsnumber", "nhs", "nhsno", "nhsid"),
    "upn": ("upn", "uniquepupilnumber", "upnid"),
    "former_upn": ("formerupn", "previousupn", "formerupnid"),
    "uln": ("uln", "uniquelearnernumber"),
    "pnc": ("pnc", "pncid", "pncnumber"),
    "llid": ("llid", "liquidlogicid"),
    "uprn": ("uprn", "uniquepropertyreferencenumber"),
    "postcode": ("postcode", "postalcode", "zip", "zipcode", "postcodefake", "postcd", "pcode"),
    "phone": ("phone", "telephone", "mobile", "phonenumber", "tel", "telephonenumber", "mobilenumber"),
    "email": ("email", "emailaddress", "mail"),
    "id_national": ("socsecid", "ssn", "nino", "nationalinsurancenumber", "socialsecuritynumber", "nationalid"),
}
# The parts of an address line, in the order they are written.
ADDRESS_PARTS = (
    "saon",
    "flat",
    "flatno",
    "flatnumber",
    "unit",
    "building",
    "paon",
    "housenumber",
    "houseno",
    "streetnumber",
    "stnumber",
    "number",
    "address",
    "address1",
    "addressline1",
    "street",
    "streetname",
    "address2",
    "addressline2",
    "address3",
    "addressline3",
    "addressline4",
    "addressline5",
    "locality",
    "suburb",
    "town",
    "city",
    "posttown",
    "county",
    "state",
)


@dataclass(frozen=True, slots=True)
class PeopleList:
    """A list read: its rows as standard tables (people has `dob_text`, `phones`, `emails` and `id_<name>` besides)."""

    people: pa.Table
    addresses: pa.Table
    columns: Mapping[str, str]
    ignored: Sequence[str]


def read_list(path: Path, renamed: Mapping[str, str] | None = None) -> PeopleList:
    """The people in a CSV file. `renamed` gives other column names: {"their name": "surname"}.

    Raises UsageError for a file without usable columns, DataRefused for rows that cannot be read.
    """
    header, rows = _read(path)
    columns, parts, ignored = recognise(header, renamed or {})
    columns = _own_numbers(columns, rows)
    people = [_person(row, number, columns) for number, row in enumerate(rows, 1)]
    addresses = [
        found for row, person in zip(rows, people, strict=True) if (found := _address(row, person, columns, parts))
    ]
    own = sorted(set(columns) - set(SYNONYMS) | ({"id_national"} & set(columns)))
    return PeopleList(
        pa.Table.from_pylist(people, schema=_people_schema(own)),
        pa.Table.from_pylist(addresses, schema=ADDRESS.schema),
        columns,
        ignored,
    )


def recognise(header: Sequence[str], renamed: Mapping[str, str]) -> tuple[dict[str, str], list[str], list[str]]:
    """Which column of the list is which of ours; the columns that make up an address; those nobody reads."""
    meant = {other: _plain(renamed.get(other, other)) for other in header}
    columns: dict[str, str] = {}
    for name, synonyms in SYNONYMS.items():
        for synonym in synonyms:
            found = next((column for column in header if meant[column] == synonym), None)
            if found is not None and name not in columns:
                columns[name] = found
    for column in header:
        asked = renamed.get(column, column).strip().lower()
        if asked.startswith("id_") and column not in columns.values():
            columns[re.sub(r"[^a-z0-9_]", "_", asked)] = column
    parts = [
        column
        for part in ADDRESS_PARTS
        for column in header
        if meant[column] == part and column not in columns.values()
    ]
    _refuse_useless(columns, parts)
    return columns, parts, [column for column in header if column not in columns.values() and column not in parts]


def _refuse_useless(columns: Mapping[str, str], parts: Sequence[str]) -> None:
    if not {"forename", "surname", "name"} & set(columns):
        raise UsageError(
            "No column of names was found. Call it forename, first_name or given_name; surname, last_name or"
            " family_name; or name. Other names are given with --map THEIRS=OURS."
        )
    if (
        not set(columns)
        - {"source", "record_id", "forename", "surname", "name", "middle_names", "sex", "known_as", "former_surname"}
        and not parts
    ):
        raise UsageError(
            "A name alone never links. Give a date of birth (dob, date_of_birth, birth_date), an address (address,"
            " street, postcode) or an identifier (nhs_number, upn, uln, llid, email, phone, or id_<name>) as well."
        )


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _read(path: Path) -> tuple[list[str], list[Row]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            rows = list(_whole_rows(reader, path.name))
            header = [name for name in reader.fieldnames or () if name]
    except UnicodeDecodeError:
        raise DataRefused(f"{path.name} is not UTF-8. Save it as UTF-8 and run again.") from None
    except csv.Error as error:
        raise DataRefused(f"{path.name}, line {reader.line_num}: {error}. Mend the line and run again.") from None
    except OSError as error:
        raise StorageFailed(f"{path.name} cannot be read: {error.strerror}.") from None
    if not rows:
        raise DataRefused(f"{path.name} holds no rows. A header row and at least one person are needed.")
    return header, rows


def _whole_rows(reader: "csv.DictReader[str]", name: str) -> Iterator[Row]:
    for row in reader:
        if None in row or None in row.values():
            raise DataRefused(
                f"{name}, line {reader.line_num}: not as many fields as the header has. Mend the line and run again."
            )
        yield {column.strip(): value for column, value in row.items()}


def _value(row: Row, columns: Mapping[str, str], name: str) -> str | None:
    text = row[columns[name].strip()].strip() if name in columns else ""
    return None if text.upper() in placeholders.upper("values") else text


def _person(row: Row, number: int, columns: Mapping[str, str]) -> dict[str, Any]:
    got = {name: _value(row, columns, name) for name in columns}
    forename, surname = got.get("forename"), got.get("surname")
    if got.get("name") and not (forename or surname):
        forename, _, surname = (
            (got["name"] or "").partition(" ") if "," not in (got["name"] or "") else _turned(got["name"] or "")
        )
        forename, surname = (forename, surname) if surname else (None, forename)
    return {
        **got,
        "source": got.get("source") or ONE_SOURCE,
        "record_id": got.get("record_id") or str(number),
        "forename": forename,
        "surname": surname,
        "other_names": [got["former_surname"]] if got.get("former_surname") else [],
        "sex": _sex(got.get("sex")),
        "dob": None,
        "dob_text": got.get("dob"),
        **{kind: _checked(got.get(kind), rule) for kind, rule in CHECKED.items()},
        "phones": [digits[-10:]] if len(digits := re.sub(r"\D", "", got.get("phone") or "")) >= 7 else [],
        "emails": [email.lower()] if "@" in (email := got.get("email") or "") else [],
    }


def _sex(text: str | None) -> str | None:
    found = sex_code(text or "")
    return None if found == "U" else found


def _turned(name: str) -> tuple[str, str, str]:
    last, _, first = name.partition(",")
    return first.strip(), "", last.strip()


def _checked(value: str | None, rule: Callable[[str], str | None]) -> str | None:
    try:
        return rule(value) if value else None
    except identifiers.BadIdentifier:
        return None


def _own_numbers(columns: Mapping[str, str], rows: Sequence[Row]) -> dict[str, str]:
    """The columns, those renamed whose values mostly fail their check: they hold another number, of the list's own."""
    found = dict(columns)
    for kind, rule in CHECKED.items():
        values = [value for row in rows if (value := _value(row, columns, kind))]
        if values and sum(_checked(value, rule) is not None for value in values) * 2 < len(values):
            found[f"id_{kind}"] = found.pop(kind)
    return found


def _address(
    row: Row, person: Mapping[str, Any], columns: Mapping[str, str], parts: Sequence[str]
) -> dict[str, Any] | None:
    text = " ".join(
        value
        for part in parts
        if (value := row[part.strip()].strip()) and value.upper() not in placeholders.upper("values")
    )
    postcode, uprn = (
        _value(row, columns, "postcode"),
        (_value(row, columns, "uprn") or "").removesuffix(".0").lstrip("0"),
    )
    if not (text or postcode or uprn):
        return None
    return {
        "source": person["source"],
        "record_id": person["record_id"],
        "text": text or None,
        "postcode": postcode,
        "uprn": uprn or None,
    }


def _people_schema(own: Sequence[str]) -> pa.Schema:
    more = [("dob_text", pa.string()), ("phones", pa.list_(pa.string())), ("emails", pa.list_(pa.string()))]
    return pa.schema(
        [*PERSON.schema, *(pa.field(*each) for each in more), *(pa.field(name, pa.string()) for name in own)]
    )
