"""Who says what a person is called, when they were born and of which sex: each record beside what the page shows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from web.present.dates import day_words
from web.present.freshness import Provenance, Sources, provenance
from web.present.people import SEX_WORDS, Person
from web.present.rows import Row, day, flag, text


@dataclass(frozen=True, slots=True)
class Told:
    """One record of a person; `differs` says where it differs from the name, birth and sex shown, if anywhere."""

    provenance: Provenance
    differs: str


def identities(rows: Iterable[Row], people: Mapping[str, Person], sources: Sources) -> dict[str, tuple[Told, ...]]:
    """The records of each person of record rows, by person id; records of one source that say the same are one."""
    found: dict[str, dict[tuple[str, str], Told]] = {}
    for row in rows:
        who = people.get(text(row, "person_id") or "")
        if who is None:
            continue
        told = Told(provenance(row, sources), ", ".join(_differences(row, who)))
        found.setdefault(who.id, {}).setdefault((told.provenance.source, told.differs), told)
    return {person_id: tuple(told.values()) for person_id, told in found.items()}


def _differences(row: Row, who: Person) -> Iterable[str]:
    name = " ".join(part for part in (text(row, "forename"), text(row, "surname")) if part)
    if name and name.casefold() != who.name.casefold():
        yield f"as {name}"
    dob = day(row, "dob")
    if dob != who.dob:
        about = "about " if flag(row, "dob_estimated") else ""
        yield f"born {about}{day_words(dob)}" if dob else "no date of birth"
    sex = SEX_WORDS.get(text(row, "sex") or "")
    if sex and sex != who.sex_words:
        yield sex
