"""What the index holds of one person: enough to find them, and enough to tell two people apart on a page.

A record is filled from one class's graph and nothing else, so that what a class may not see can never match.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import orjson

MAIN, KNOWN_AS, FORMER = "main name", "known as", "former or other name"


class Name(NamedTuple):
    """One name of a person; `kind` says which, in the words of a reason."""

    forename: str
    surname: str
    kind: str


class Identifier(NamedTuple):
    """A number a person is known by, as ("Mosaic case", "249012")."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True, repr=False)
class SearchRecord:
    """One person as searched. No repr: a record must never reach a log.

    `place` is one line that helps to tell people apart (street and town of the newest address).
    """

    person_id: str
    names: tuple[Name, ...]
    sex: str = ""
    dob: date | None = None
    postcodes: tuple[str, ...] = ()
    address_lines: tuple[str, ...] = ()
    ids: tuple[Identifier, ...] = ()
    place: str = ""

    @property
    def main(self) -> Name:
        """The name shown."""
        return self.names[0] if self.names else Name("", "", MAIN)


def names_of(
    forename: str | None,
    surname: str | None,
    *,
    middle_names: str | None = None,
    known_as: str | None = None,
    other_names: Iterable[str] | None = None,
) -> tuple[Name, ...]:
    """A person's names from the graph's properties, the one shown first.

    Of another name the last word is the surname; a single word is a surname.
    """
    first, last = forename or "", surname or ""
    names = [Name(f"{first} {middle_names or ''}".strip(), last, MAIN)]
    if known_as:
        names.append(Name(known_as, last, KNOWN_AS))
    for other in other_names or ():
        given, _, family = other.strip().rpartition(" ")
        names.append(Name(given or first, family, FORMER))
    return tuple(dict.fromkeys(names))


def pack(record: SearchRecord) -> bytes:
    """The record as stored inside the index."""
    return orjson.dumps(
        (
            record.person_id,
            [tuple(name) for name in record.names],
            record.sex,
            record.dob,
            record.postcodes,
            record.address_lines,
            [tuple(one) for one in record.ids],
            record.place,
        )
    )


def unpack(stored: bytes) -> SearchRecord:
    """The record that `pack` wrote."""
    person_id, names, sex, dob, postcodes, lines, ids, place = orjson.loads(stored)
    return SearchRecord(
        person_id=person_id,
        names=tuple(Name(*name) for name in names),
        sex=sex,
        dob=date.fromisoformat(dob) if dob else None,
        postcodes=tuple(postcodes),
        address_lines=tuple(lines),
        ids=tuple(Identifier(*one) for one in ids),
        place=place,
    )
