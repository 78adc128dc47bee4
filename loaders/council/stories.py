"""The two stories that every invented council holds, word for word: acceptance tests and documentation rely on them.

The people of a story count among the council's people, are never spoilt by mistakes and never linked to anybody else.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from loaders.council.identifiers import Registers
from loaders.council.model import Happening, Household, Person, PlanMade, Residence, Spell, Tie
from loaders.council.places import Places
from loaders.council.services import CASE, Workforce


@dataclass(slots=True)
class Stories:
    """The story people and the ids and spellings their records have, by source and person key."""

    people: list[Person] = field(default_factory=list)
    record_ids: dict[tuple[str, int], str] = field(default_factory=dict)
    spelt: dict[tuple[str, int], tuple[str, str]] = field(default_factory=dict)
    unknown_there: dict[int, Residence] = field(default_factory=dict)

    def known_to(self, source: str) -> list[Person]:
        """The story people whom a partner system holds."""
        names = PARTNERS.get(source, "").split()
        return [person for person in self.people if person.forename in names or names == ["everybody"]]

    def add(self, home: Household, name: str, sex: str, born: date, **ids: str) -> Person:
        """A person of a story. `ids` are record ids by source; the person is in those sources only."""
        forename, _, surname = name.rpartition(" ")
        person = Person(len(self.people) + 1, sex, born, "british", home, forename, "", surname, surname)
        person.sources = set(ids)
        for source, record_id in ids.items():
            self.record_ids[source, person.key] = record_id
        self.people.append(person)
        home.members.append(person)
        return person


PARTNERS = {
    "nhs": "everybody",
    "capita": "Tommy Jason Amira Zain",
    "ehm": "Paula Jason Zain",
    "etaf": "Paula Jason",
    "housing": "Kate Tommy Sara Amira Zain",
    "police": "Dominic Tommy Kate",
    "probation": "Dominic",
    "voluntary": "Kate",
    "las": "Paula",
}
"""Which partner systems hold whom, by forename. Partners know nobody's new address."""


def tell() -> tuple[Stories, list[Household]]:
    """The nine people of both stories and their households."""
    stories = Stories()
    homes = [Household("story", "british") for _ in range(5)]
    tommy = stories.add(
        homes[0], "Tommy Williams", "M", date(2012, 5, 12), mosaic="249012", lcs="71204", school_census="5000001"
    )
    kate = stories.add(homes[0], "Kate Williams", "F", date(1987, 9, 23), mosaic="249013", lcs="71205")
    dominic = stories.add(homes[1], "Dominic Pierce", "M", date(1985, 2, 17), mosaic="249014", lcs="71288")
    paula = stories.add(homes[2], "Paula Lee", "F", date(1984, 11, 3), mosaic="249015")
    jason = stories.add(homes[2], "Jason Lee", "M", date(2011, 8, 30), mosaic="249016", school_census="5000002")
    _parents(tommy, kate, dominic)
    _parents(jason, paula, None)
    for friend in (paula, jason):
        friend.ties.append(Tie("FRIEND", tommy, sources=("mosaic",)))
    stories.spelt["lcs", dominic.key] = ("Dominik", "Peirce")
    dominic.unlinked_in = ("lcs",)
    sara = stories.add(homes[3], "Sara Reed", "F", date(1988, 4, 14), mosaic="251378")
    amira = stories.add(homes[3], "Amira Reed", "F", date(2016, 9, 3), mosaic="251377", school_census="5000003")
    zain = stories.add(homes[3], "Zain Reed", "M", date(2013, 1, 19), mosaic="251379", school_census="5000004")
    imran = stories.add(homes[4], "Imran Hussain", "M", date(1986, 7, 8), mosaic="251380")
    for child in (amira, zain):
        _parents(child, sara, imran)
    sara.origin = amira.origin = zain.origin = imran.origin = "south_asian_muslim"
    return stories, homes


def _parents(child: Person, mother: Person, father: Person | None) -> None:
    child.mother, child.father, child.father_key = mother, father, father.key if father else -1_000_000 - child.key
    for parent in (mother, father):
        if parent:
            parent.children.append(child)
    if father:
        mother.former.append(father)
        father.former.append(mother)


def identify(stories: Stories, registers: Registers) -> None:
    """The numbers that join a story person's records."""
    for person in stories.people:
        person.nhs = registers.nhs()


def house(stories: Stories, places: Places, today: date) -> None:
    """Their homes. The Reeds' new address is in the school census only: Mosaic still has the old one."""
    overdale = places.add("320", "Overdale Road", "Romiley", "AA6 4QT")
    beech, mill = (
        places.add("12", "Larch Mews", "Oldmere", "AA3 7LP"),
        places.add("318", "Overdale Road", "Romiley", "AA6 4QT"),
    )
    forge = places.add("41", "Forge Terrace", "Bredbury", "AA5 1HJ")
    quarry = places.add("14", "Quarry Bank", "Marple", "AA6 5DR")
    tanner = places.add("7", "Tanner Street", "Bredbury", "AA5 2LN")
    tommy, kate, dominic, paula, jason, sara, amira, zain, imran = stories.people
    lived = today - timedelta(days=1460)
    for person, place in (
        (tommy, overdale),
        (kate, overdale),
        (dominic, beech),
        (paula, mill),
        (jason, mill),
        (imran, forge),
    ):
        person.residences.append(Residence(place, lived))
    dominic.residences.insert(0, Residence(overdale, lived, lived + timedelta(days=400)))
    dominic.residences[1].start = lived + timedelta(days=401)
    moved = today - timedelta(days=75)
    for person in (sara, amira, zain):
        person.residences.append(Residence(quarry, today - timedelta(days=1900)))
    for child in (amira, zain):
        stories.unknown_there[child.key] = Residence(tanner, moved)


def serve(stories: Stories, workforce: Workforce, today: date) -> None:
    """Their services: Tommy and Amira are on the caseload of the first social worker."""
    tommy, kate, dominic, paula, _jason, sara, amira, zain, _imran = stories.people
    asha = workforce.case_worker(0)

    def ago(days: int) -> date:
        return today - timedelta(days=days)

    def spell(person: Person, kind: str, start: int, end: int | None = None, reason: str = "") -> None:
        worker = asha if kind == CASE else workforce.any(kind)
        person.spells.append(Spell(kind, worker, ago(start), None if end is None else ago(end), reason))

    spell(tommy, CASE, 210)
    tommy.spells.append(Spell(CASE, asha, ago(1500), ago(1100), "Step down to early help"))
    tommy.spells.append(
        Spell("REL.HV", workforce.any("REL.HV"), date(2012, 5, 26), date(2017, 5, 12), "Child reached five")
    )
    for child in (tommy, amira, zain):
        if child.school:
            child.spells.append(Spell("REL.SCHOOL", workforce.lead(child.school), ago(400)))
        child.case = "open" if child is not zain else ""
    spell(kate, "REL.SUBUSE", 180)
    spell(kate, "REL.HOUSING", 900, 500, "Support ended")
    spell(dominic, "REL.POLICE", 320, 150, "No further action")
    spell(paula, "REL.EARLYHELP", 700, 420, "Needs met")
    spell(amira, CASE, 130)
    spell(sara, "REL.HOUSING", 95)
    spell(zain, "REL.EARLYHELP", 300, 140, "Step up to social care")


def plan(stories: Stories, today: date) -> None:
    """Their plans, and what the police told of: each is a fact that the pages show."""
    tommy, kate, dominic, paula, _jason, _sara, amira, zain, _imran = stories.people

    def ago(days: int) -> date:
        return today - timedelta(days=days)

    for child, since, needs in ((tommy, 180, ("Family in acute stress",)), (amira, 95, ("Family dysfunction",))):
        case = next(spell for spell in child.spells if spell.kind == CASE and spell.end is None)
        child.plans.append(PlanMade("assessment", case.worker, case.start, ago(since), needs))
        child.plans.append(PlanMade("child in need", case.worker, ago(since), None, needs))
    for person in (paula, zain):
        help_ = next(spell for spell in person.spells if spell.kind == "REL.EARLYHELP")
        person.plans.append(
            PlanMade("early help", help_.worker, help_.start, help_.end, ("Improved family relationships",))
        )
    tommy.attendance, amira.attendance, zain.attendance = 88, 96, 91
    tommy.happenings.append(Happening("suspension", ago(60), ago(59), "4 half days"))
    for person in (tommy, kate, dominic):
        person.happenings.append(Happening("police notification", ago(215), None, "Domestic abuse, Medium", 900_001))
    dominic.happenings.append(Happening("offence", ago(330), None, "Violence without injury, Suspect"))
