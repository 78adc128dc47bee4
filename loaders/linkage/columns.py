"""Which column of a list from elsewhere is which of ours: columns recognised by their usual names, whatever their case.

Looks at the header only, never at a row.
"""

import re
from collections.abc import Mapping, Sequence

from graph.errors import UsageError

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
