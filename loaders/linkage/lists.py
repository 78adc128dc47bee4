"""Any list of people, as the standard tables.

Reads one file (CSV in any usual encoding, zipped, or a workbook), a batch of rows at a time, so that a million rows
take little memory. Values are cleaned, never guessed: an identifier that fails its check digit is no identifier.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from graph.errors import DataRefused
from loaders.clean import identifiers, placeholders
from loaders.clean.names import sex_code
from loaders.column_map import folded
from loaders.linkage.columns import ADDRESS_PARTS, SYNONYMS, recognise
from loaders.linkage.prepare import OWN_ID
from loaders.opening import open_table
from loaders.reading import CONTROLS, Fault, FileRefused
from loaders.tables import ADDRESS, PERSON

CHECKED: Mapping[str, Callable[[str], str | None]] = {
    "nhs_number": identifiers.nhs_number,
    "upn": identifiers.upn,
    "former_upn": identifiers.upn,
    "uln": identifiers.uln,
    "pnc": identifiers.pnc,
    "llid": identifiers.llid,
}
ONE_SOURCE = "list"  # the source of every row when the list names none
_BATCH = 50_000  # rows
_KNOWN = frozenset(folded(name) for name in (*SYNONYMS, *chain.from_iterable(SYNONYMS.values()), *ADDRESS_PARTS))
Texts = list[str | None]


@dataclass(frozen=True, slots=True)
class PeopleList:
    """A list read: its rows as standard tables (people has `dob_text`, `phones`, `emails` and `id_<name>` besides)."""

    people: pa.Table
    addresses: pa.Table
    columns: Mapping[str, str]
    ignored: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where in a row each of our columns stands, and the parts of the address; and the columns of what is made."""

    at: Mapping[str, int]
    parts: Sequence[int]
    people: pa.Schema


def read_list(path: Path, renamed: Mapping[str, str] | None = None) -> PeopleList:
    """The people in a file. `renamed` gives other column names: {"their name": "surname"}.

    Raises UsageError for a file without usable columns, DataRefused for rows that cannot be read.
    """
    rows = _rows(path, renamed or {})
    header = next(rows, [])
    columns, parts, ignored = recognise([name for name in header if name], renamed or {})
    place = {name.strip(): number for number, name in enumerate(header)}
    layout = _Layout(
        {name: place[column.strip()] for name, column in columns.items()},
        [place[part.strip()] for part in parts],
        _people_schema(columns),
    )
    people, addresses, read = [], [], 0
    while batch := list(islice(rows, _BATCH)):
        people.append(_people(batch, read, layout))
        addresses.append(_addresses(batch, people[-1], layout))
        read += len(batch)
    if not people:
        raise DataRefused(f"{path.name} holds no rows. A header row and at least one person are needed.")
    found, columns = _own_numbers(pa.concat_tables(people), columns)
    return PeopleList(found, pa.concat_tables(addresses), columns, ignored)


def _rows(path: Path, renamed: Mapping[str, str]) -> Iterator[list[str]]:
    """The header, then every row that is not empty, whatever form the file is in."""
    width = -1  # of the header, which is yet to come
    try:
        for record in open_table(path, _KNOWN.union(map(folded, renamed))).records():
            if isinstance(record, Fault) and len(record.cells) != width:
                raise DataRefused(f"{path.name}, line {record.line}: {record.reason}. Mend the line and run again.")
            width = len(record.cells)
            yield [CONTROLS.sub(" ", cell) for cell in record.cells] if isinstance(record, Fault) else record.cells
    except FileRefused as error:
        raise DataRefused(f"{path.name} cannot be read: {error}.") from None


def _values(rows: Sequence[Sequence[str]], place: int) -> Texts:
    """One column, without what stands for nothing."""
    nothing = placeholders.upper("values")
    texts = (row[place].strip() for row in rows)
    return [text if text and text.upper() not in nothing else None for text in texts]


def _people(rows: Sequence[Sequence[str]], before: int, layout: _Layout) -> pa.Table:
    got = {name: _values(rows, place) for name, place in layout.at.items()}
    nothing: Texts = [None] * len(rows)
    named = zip(*(got.get(name, nothing) for name in ("name", "forename", "surname")), strict=True)
    names = [_names(*each) for each in named]
    checked = {kind: [_checked(value, rule) for value in got[kind]] for kind, rule in CHECKED.items() if kind in got}
    made: dict[str, Sequence[Any]] = {
        **got,
        **{f"{OWN_ID}{kind}": got[kind] for kind in checked},
        **checked,
        "source": [source or ONE_SOURCE for source in got.get("source", nothing)],
        "record_id": [record or str(before + n) for n, record in enumerate(got.get("record_id", nothing), 1)],
        "forename": [forename for forename, _ in names],
        "surname": [surname for _, surname in names],
        "other_names": [[name] if name else [] for name in got.get("former_surname", nothing)],
        "sex": [_sex(text) for text in got.get("sex", nothing)],
        "dob": nothing,
        "dob_text": got.get("dob", nothing),
        "phones": [_phone(text) for text in got.get("phone", nothing)],
        "emails": [_email(text) for text in got.get("email", nothing)],
    }
    return pa.table(
        [pa.array(made.get(field.name, nothing), field.type) for field in layout.people], schema=layout.people
    )


def _names(name: str | None, forename: str | None, surname: str | None) -> tuple[str | None, str | None]:
    """Forename and surname, from a whole name where it is all there is; a single word is a surname."""
    if not name or forename or surname:
        return forename, surname
    first, _, last = name.partition(" ") if "," not in name else _turned(name)
    return (first, last) if last else (None, first)


def _turned(name: str) -> tuple[str, str, str]:
    last, _, first = name.partition(",")
    return first.strip(), "", last.strip()


def _phone(text: str | None) -> list[str]:
    return [digits[-10:]] if len(digits := re.sub(r"\D", "", text or "")) >= 7 else []


def _email(text: str | None) -> list[str]:
    return [text.lower()] if text and "@" in text else []


def _sex(text: str | None) -> str | None:
    found = sex_code(text or "")
    return None if found == "U" else found


def _checked(value: str | None, rule: Callable[[str], str | None]) -> str | None:
    try:
        return rule(value) if value else None
    except identifiers.BadIdentifier:
        return None


def _own_numbers(people: pa.Table, columns: Mapping[str, str]) -> tuple[pa.Table, dict[str, str]]:
    """The people and columns, those renamed whose values mostly fail their check: another number, the list's own."""
    found = dict(columns)
    for kind in CHECKED.keys() & columns.keys():
        own, place = f"{OWN_ID}{kind}", people.column_names.index(kind)
        given, good = (len(people) - people[name].null_count for name in (own, kind))
        if good * 2 < given:
            people = people.set_column(place, kind, pa.nulls(len(people), pa.string()))
            found[own] = found.pop(kind)
        else:
            people = people.drop_columns([own])
    return people, found


def _addresses(rows: Sequence[Sequence[str]], people: pa.Table, layout: _Layout) -> pa.Table:
    """The address of each row that has one."""
    nothing: Texts = [None] * len(rows)
    parts = [_values(rows, place) for place in layout.parts]
    texts = [" ".join(part for part in each if part) or None for each in zip(*parts, strict=True)] or nothing
    postcodes, uprns = (
        _values(rows, layout.at[name]) if name in layout.at else nothing for name in ("postcode", "uprn")
    )
    uprns = [(uprn or "").removesuffix(".0").lstrip("0") or None for uprn in uprns]
    made: dict[str, Any] = {
        "source": people["source"],
        "record_id": people["record_id"],
        "text": texts,
        "postcode": postcodes,
        "uprn": uprns,
    }
    columns = [pa.array(made.get(field.name, nothing), field.type) for field in ADDRESS.schema]
    table = pa.table(columns, schema=ADDRESS.schema)
    return table.filter([bool(text or code or uprn) for text, code, uprn in zip(texts, postcodes, uprns, strict=True)])


def _people_schema(columns: Mapping[str, str]) -> pa.Schema:
    more = [("dob_text", pa.string()), ("phones", pa.list_(pa.string())), ("emails", pa.list_(pa.string()))]
    own = {name for name in columns if name not in SYNONYMS or name == "id_national"}
    own |= {f"{OWN_ID}{kind}" for kind in CHECKED.keys() & columns.keys()}
    return pa.schema(
        [*PERSON.schema, *(pa.field(*each) for each in more), *(pa.field(name, pa.string()) for name in sorted(own))]
    )
