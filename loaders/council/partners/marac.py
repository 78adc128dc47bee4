"""MARAC: a share of the incidents of domestic abuse, with victim, perpetrator and children. Days as 12/05/2012."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from loaders.council.dice import Dice
from loaders.council.identifiers import telephone
from loaders.council.links import word
from loaders.council.malformed import with_bad_rows
from loaders.council.model import Person
from loaders.council.partner import Extract, Partner, in_life
from loaders.council.partners.incidents import Incident, incidents, relation
from loaders.council.plain_rows import home_line
from loaders.council.population import Council
from loaders.council.records import Record, plain_record
from loaders.council.tables import Row, uk, write_some

PEOPLE = """
    person_id forename middle_names surname alias_names dob dob_estimated sex address_line postcode uprn
    address_confidential safe_contact
"""
CASES = "case_ref referral_date closed_date grounds lead_agency lead_contact lead_role lead_phone lead_email dash_score"
SUBJECTS = """
    case_ref person_id role relationship_to_victim relationship_to_perpetrator living_with no_contact_order order_start
    order_end
"""
_GROUNDS = ("Professional judgement", "14+ ticks", "14+ ticks", "Escalation", "Repeat within 12 months")
_ROLES = {"suspect": "Perpetrator", "victim": "Victim", "child": "Child"}
_LEADS = ("Ida Marsh", "Nadia Holt", "Ruth Pickford")
_FIRST_PHONE = 31_000


def cases(council: Council) -> list[Incident]:
    """The incidents that MARAC heard, the same whoever asks: only where victim and suspect are known."""
    dice, share = council.dice("marac/cases"), council.settings.sources["marac"]["of_incidents"]
    known = [one for one in incidents(council.people, council.today) if one.suspect and one.victim]
    return [one for one in known if all(map(in_life, one.people)) and dice.chance(share)]


def _heard(incident: Incident, council: Council) -> Iterator[Person]:
    """Those of an incident whom MARAC lists."""
    return (person for person in incident.people if incident.role(person, council.today) in _ROLES)


def _holds(council: Council, dice: Dice) -> Iterable[Person]:
    told = {person.key: person for incident in cases(council) for person in _heard(incident, council)}
    return told.values()


def _write(folder: Path, extract: Extract) -> list[Record]:
    dice, council = extract.dice, extract.council
    rows = [_person(record, dice) for record in extract.records]
    extra = with_bad_rows(dice, council.settings.errors["malformed"], rows, (), 5)
    write_some(folder / "marac_people.csv", PEOPLE, rows)
    heard = list(enumerate(cases(council), 1))
    write_some(folder / "marac_cases.csv", CASES, [_case(number, one, extract) for number, one in heard])
    write_some(folder / "marac_subjects.csv", SUBJECTS, list(_subjects(heard, extract)))
    return [plain_record("marac", bad, extract.records[at].person, extract.today) for at, bad in extra]


def _person(record: Record, dice: Dice) -> list[object]:
    confidential = "Y" if record.person.restricted else dice.pick(("N", ""))
    return [
        record.record_id, record.forename, record.middle, record.surname, "", uk(record.born), "", record.sex,
        *home_line(record, dice, uprn_missing=0.9), confidential, "By text, weekdays before three",
    ]  # fmt: skip


def _case(number: int, incident: Incident, extract: Extract) -> Row:
    dice = extract.dice
    referred = min(incident.on + timedelta(days=dice.whole(1, 9)), extract.today)
    closed = referred + timedelta(days=dice.whole(30, 200))
    name = dice.pick(_LEADS)
    email = f"{name.lower().replace(' ', '.')}@safe.example"
    return [
        _reference(number), uk(referred), uk(closed) if closed <= extract.today else "", dice.pick(_GROUNDS),
        "Example Women's Aid", name, "IDVA", telephone(_FIRST_PHONE + _LEADS.index(name)), email, dice.whole(10, 22),
    ]  # fmt: skip


def _reference(number: int) -> str:
    return f"M{number:05d}"


def _subjects(heard: Iterable[tuple[int, Incident]], extract: Extract) -> Iterator[Row]:
    for number, incident in heard:
        victim, suspect = incident.victim, incident.suspect
        for person in _heard(incident, extract.council):
            record = extract.registry.first.get(person.key)
            if record is None or victim is None or suspect is None:
                continue
            role = incident.role(person, extract.today)
            to_victim = relation(person, victim) if person is not victim else ""
            to_suspect = relation(person, suspect) if role == "child" else ""
            together = person.household is victim.household
            yield [
                _reference(number), record.record_id, _ROLES[role], to_victim and word(to_victim, person.sex),
                to_suspect and word(to_suspect, person.sex), "victim" if role == "child" and together else "",
                *_order(person, role, suspect, extract),
            ]  # fmt: skip


def _order(person: Person, role: str, suspect: Person, extract: Extract) -> Iterable[str]:
    """Whether an order forbids contact: a child's, where it is true; a perpetrator's, in one case in four."""
    forbidden = [
        tie.start
        for one, other in ((person, suspect), (suspect, person))
        for tie in one.ties
        if tie.code == "NO_CONTACT_ORDER" and tie.other is other
    ]
    if role == "child" and forbidden:
        return ("Y", uk(forbidden[0]), "")
    return ("", "", "") if role != "suspect" else ("N" if extract.dice.chance(0.75) else "", "", "")


PARTNER = Partner("marac", 7_000_000, _holds, _write)
