"""The viewer's caseload as search records, and people in lists: in Leeds nobody else can be searched for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from graph.search import Identifier, SearchRecord, names_of
from graph.search.fold import identifier
from web.desk.doubt import in_doubt
from web.present.freshness import Sources, source_title
from web.present.people import Person, person
from web.present.rows import Row, day, listed, text, texts, unique
from web.viewer import Viewer

MOST_NAMED = 4
"""Sources a list names beside a person before it only counts them."""


@dataclass(frozen=True, slots=True, repr=False)
class Listed:
    """One person in a list, with enough to tell two people apart. No repr: it must never reach a log.

    `sources` are the names of the sources that hold a record of them, and `recorded_in` their titles in words;
    `in_doubt`: some of those records were decided to be somebody else's.
    """

    person_id: str
    name: str
    facts: tuple[str, ...]
    reasons: tuple[str, ...]
    restricted: bool
    sources: tuple[str, ...]
    recorded_in: str
    in_doubt: bool


def records(viewer: Viewer) -> list[SearchRecord]:
    """The caseload as the scorer of people search takes it."""
    return [_record(row) for row in viewer.caseload()]


def holder_of_case(viewer: Viewer, case_id: str) -> str | None:
    """The person on the caseload with that case ID, or None."""
    wanted = identifier(case_id)
    found = (row for row in viewer.caseload() if any(identifier(one) == wanted for one in texts(row, "case_ids")))
    return next((text(row, "person_id") for row in found), None)


def caseload_list(viewer: Viewer, sources: Sources, today: date) -> list[Listed]:
    """The caseload by name, for the start page."""
    people = in_list(viewer, records(viewer), {}, sources, today)
    return sorted(people, key=lambda one: (one.name.casefold(), one.person_id))


def in_list(
    viewer: Viewer,
    found: Sequence[SearchRecord],
    reasons: Mapping[str, Sequence[str]],
    sources: Sources,
    today: date,
) -> list[Listed]:
    """People as a list shows them, in the order given: what the graph says of them now, and who says so."""
    ids = [record.person_id for record in found]
    if not ids:
        return []
    rows = {str(row["person_id"]): row for row in viewer.ask("people", person_ids=ids)}
    people = {one: person(row, today) for one, row in rows.items()}
    told: dict[str, list[str]] = {}
    for row in viewer.ask("records_of", person_ids=ids):
        told.setdefault(str(row["person_id"]), []).append(str(row["source"]))
    doubted = in_doubt(viewer, ids)
    told = {one: [source] for one, row in rows.items() if (source := text(row, "source"))} | told
    return [
        _listed(record, people[one], reasons.get(one, ()), unique(told.get(one, ())), sources, one in doubted)
        for record in found
        if (one := record.person_id) in people
    ]


def _listed(
    record: SearchRecord, who: Person, reasons: Sequence[str], names: Sequence[str], sources: Sources, doubted: bool
) -> Listed:
    main = record.main
    return Listed(
        person_id=record.person_id,
        name=" ".join(part for part in (main.forename, main.surname) if part) or who.name,
        facts=tuple(_facts(record, who)),
        reasons=tuple(reasons),
        restricted=who.shielded,
        sources=tuple(names),
        recorded_in=listed(source_title(name, sources) for name in names)
        if len(names) <= MOST_NAMED
        else f"{len(names)} sources",
        in_doubt=doubted,
    )


def _facts(record: SearchRecord, who: Person) -> list[str]:
    facts = [who.summary, record.place]
    others = [f"{name.forename} {name.surname}".strip() for name in record.names[1:3]]
    facts.append(f"also {' or '.join(others)}" if others else "")
    facts += [f"{one.kind} {one.value}" for one in record.ids if one.kind not in {"NHS number", "UPN"}][:4]
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
