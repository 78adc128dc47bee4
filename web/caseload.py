"""The viewer's caseload as lists and as search records: in Leeds nobody else can be searched for."""

from dataclasses import dataclass
from datetime import date

from graph.search import Identifier, SearchRecord, names_of
from graph.search.fold import identifier
from web.present.dates import age_words, day_words
from web.present.rows import Row, day, text, texts
from web.viewer import Viewer

SEX_WORDS = {"M": "Male", "F": "Female"}


@dataclass(frozen=True, slots=True, repr=False)
class Listed:
    """One person in a list, with enough to tell two people apart. No repr: it must never reach a log."""

    person_id: str
    name: str
    facts: tuple[str, ...]
    reasons: tuple[str, ...] = ()


def records(viewer: Viewer) -> list[SearchRecord]:
    """The caseload as the scorer of people search takes it."""
    return [_record(row) for row in viewer.caseload()]


def holder_of_case(viewer: Viewer, case_id: str) -> str | None:
    """The person on the caseload with that case ID, or None."""
    wanted = identifier(case_id)
    found = (row for row in viewer.caseload() if any(identifier(one) == wanted for one in texts(row, "case_ids")))
    return next((text(row, "person_id") for row in found), None)


def caseload_list(viewer: Viewer, today: date) -> list[Listed]:
    """The caseload by name, for the start page."""
    people = [listed(record, today) for record in records(viewer)]
    return sorted(people, key=lambda one: (one.name.casefold(), one.person_id))


def listed(record: SearchRecord, today: date, reasons: tuple[str, ...] = ()) -> Listed:
    """One person as a list shows them."""
    main = record.main
    name = " ".join(part for part in (main.forename, main.surname) if part) or "Name not recorded"
    return Listed(record.person_id, name, tuple(_facts(record, today)), reasons)


def _facts(record: SearchRecord, today: date) -> list[str]:
    facts = [SEX_WORDS.get(record.sex, "")]
    if record.dob:
        facts.append(f"born {day_words(record.dob)} ({age_words(record.dob, today)})")
    facts.append(record.place)
    others = [f"{name.forename} {name.surname}".strip() for name in record.names[1:3]]
    facts.append(f"also {' or '.join(others)}" if others else "")
    facts += [f"{one.kind} {one.value}" for one in record.ids if one.kind not in {"NHS number", "UPN"}][:3]
    return [fact for fact in facts if fact]


def _record(row: Row) -> SearchRecord:
    return SearchRecord(
        person_id=text(row, "person_id") or "",
        names=names_of(
            text(row, "forename"),
            text(row, "surname"),
            known_as=text(row, "known_as"),
            other_names=texts(row, "other_names"),
        ),
        sex=text(row, "sex") or "",
        dob=day(row, "dob"),
        ids=tuple(Identifier("Case", case) for case in texts(row, "case_ids")),
    )
