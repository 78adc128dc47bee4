"""Birth registrations of the last years: child, mother, and the father where he was registered.

A child who was adopted has one entry, of the Adopted Children Register, with the adoptive parents. The birth entry of
the life before is closed and in no extract.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

from loaders.birth import parent_record
from loaders.council.dice import Dice
from loaders.council.malformed import with_bad_rows
from loaders.council.model import Person, Residence
from loaders.council.partner import Extract, Partner, in_life
from loaders.council.population import Council
from loaders.council.records import Record, plain_record
from loaders.council.relations import responsibility
from loaders.council.tables import iso, write_some
from loaders.council.write_mosaic import one_line

BIRTHS = """
    entry_number entry_type registered_on child_nhs_number child_forename child_middle_names child_surname child_dob
    child_sex birth_order mother_forename mother_surname mother_maiden_name mother_dob father_forename father_surname
    father_dob second_parent address_line postcode uprn
"""
_YEARS = 6


def _entered(person: Person, today: date) -> bool:
    """Whether the extract has an entry of the child: born or adopted in its years, to a mother who is somebody here."""
    young = 0 <= person.age(today) < _YEARS
    return (young or person.adopted) and not (person.unborn or person.superseded) and person.mother is not None


def _registered_father(child: Person) -> Person | None:
    """The second parent on the entry: adoptive parents always, else the one who holds parental responsibility."""
    father = child.father
    return father if father and (child.adopted or responsibility(father, child) == "Y") else None


def _holds(council: Council, _dice: Dice) -> Iterable[Person]:
    """The children, and the parents on their entries, each once."""
    found: dict[int, Person] = {}
    for child in council.people:
        if _entered(child, council.today):
            parents = (child.mother, _registered_father(child))
            found.update((one.key, one) for one in (child, *parents) if one and in_life(one))
    return found.values()


def _write(folder: Path, extract: Extract) -> list[Record]:
    """A parent's record has the id of their place on the entry; one more entry is one more record."""
    rows: list[list[object]] = []
    more: list[Record] = []
    named: set[int] = set()
    children = [record for record in extract.records if _entered(record.person, extract.today)]
    for record in children:
        child = record.person
        parents = {"mother": child.mother, "father": _registered_father(child)}
        on_entry = {
            which: _named(extract, parent, parent_record(record.record_id, which), named, more)
            for which, parent in parents.items()
            if parent is not None and parent.key in extract.registry.first
        }
        rows.append(_entry(record, on_entry, extract))
    extra = with_bad_rows(extract.dice, extract.council.settings.errors["malformed"], rows, (), 7)
    write_some(folder / "births.csv", BIRTHS, rows)
    return more + [plain_record("ons_births", bad, children[at].person, extract.today) for at, bad in extra]


def _named(extract: Extract, parent: Person, record_id: str, named: set[int], more: list[Record]) -> Record:
    """The parent's record under the id of this entry: the one there is, or a further one."""
    first = extract.registry.first[parent.key]
    if parent.key in named:
        more.append(plain_record("ons_births", record_id, parent, first.updated))
        return more[-1]
    named.add(parent.key)
    first.record_id = record_id
    return first


def _entry(record: Record, parents: dict[str, Record], extract: Extract) -> list[object]:
    child, dice = record.person, extract.dice
    began = child.joined if child.adopted and child.joined else child.born
    registered = min(began + timedelta(days=dice.whole(2, 41)), extract.today)
    mother, father = parents.get("mother"), parents.get("father")
    home = _home_on(child.mother, registered) if child.mother else None
    order = ("1" if child.key < child.twin.key else "2") if child.twin else ""
    second = ("Father" if father.sex == "M" else "Mother") if father else ""
    maiden = mother.person.birth_surname if mother and mother.person.birth_surname != mother.surname else ""
    return [
        record.record_id, "Adopted" if child.adopted else "Birth", iso(registered), record.nhs, record.forename,
        record.middle, record.surname, iso(record.born), record.sex, order, *_names(mother), maiden,
        iso(mother.born if mother else None), *_names(father), iso(father.born if father else None), second,
        *_address(home, dice),
    ]  # fmt: skip


def _names(record: Record | None) -> Iterator[str]:
    yield from (record.forename, record.surname) if record else ("", "")


def _home_on(person: Person, day: date) -> Residence | None:
    """Where somebody lived that day."""
    lived = (home for home in person.residences if home.start <= day and (home.end is None or day <= home.end))
    return next(lived, None)


def _address(home: Residence | None, dice: Dice) -> list[str]:
    if home is None:
        return ["", "", ""]
    return [one_line(home.dwelling), home.dwelling.postcode, home.dwelling.uprn if dice.chance(0.8) else ""]


PARTNER = Partner("ons_births", 6_000_000, _holds, _write)
