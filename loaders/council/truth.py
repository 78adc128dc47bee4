"""What is true, beside the extracts: whose record is whose, who is related, restricted, and who must never be joined.

Only tests and benchmarks read these files. The rows that a loader must put aside are listed too.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from graph.vocabulary import canonical
from loaders.council.model import Person
from loaders.council.records import Record
from loaders.council.relations import Fact
from loaders.council.tables import Row, iso, write_table


def write_truth(folder: Path, records: list[Record], truth: Iterable[Fact], people: list[Person]) -> None:
    """Writes the four files of `truth/`."""
    write_table(
        folder / "records.csv",
        "source record_id entity_id",
        ([r.source, r.record_id, r.person.entity_id] for r in records),
    )
    write_table(
        folder / "relationships.csv", "entity_a code entity_b start end", sorted(_relationship(fact) for fact in truth)
    )
    restrictions = ([p.entity_id, kind] for p in people for kind in p.restricted)
    write_table(folder / "restrictions.csv", "entity_id kind", restrictions)
    write_table(folder / "never_join.csv", "source_a record_a source_b record_b reason", _never(records, people))


def _relationship(fact: Fact) -> tuple[str, ...]:
    a, code, b = canonical(fact.a.entity_id, fact.code, fact.b.entity_id)
    return a, code, b, iso(fact.start), iso(fact.end)


def _never(records: list[Record], people: list[Person]) -> Iterator[Row]:
    """Every pair of records of two people who are easily taken for one."""
    by_person: dict[int, list[Record]] = defaultdict(list)
    for record in records:
        by_person[record.person.key].append(record)
    for one, other, reason in _lookalikes(people):
        for left in by_person[one.key]:
            for right in by_person[other.key]:
                yield [left.source, left.record_id, right.source, right.record_id, reason]


def _lookalikes(people: list[Person]) -> Iterator[tuple[Person, Person, str]]:
    named: dict[tuple[str, str, str], Person] = {}
    for person in people:
        if person.before_adoption:
            yield person.before_adoption, person, "adopted"
        if person.twin and person.key < person.twin.key:
            yield person, person.twin, "twin"
        for parent in (person.mother, person.father):
            if parent and parent.forename == person.forename and parent.surname == person.surname:
                yield parent, person, "parent and child of one name"
        if person.unborn or not person.sources:
            continue
        key = (person.forename, person.surname, iso(person.born))
        if key in named and named[key] not in (person.twin, person.before_adoption):
            yield named[key], person, "strangers of one name and date of birth"
        named.setdefault(key, person)
