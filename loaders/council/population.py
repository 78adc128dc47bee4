"""The whole invented council as it truly is: people, families, homes, schools and services, before any file."""

from dataclasses import dataclass, field
from datetime import date

from loaders.council import stories as story
from loaders.council.births import Builder
from loaders.council.care import Care, adopt
from loaders.council.dice import Dice
from loaders.council.happenings import Happenings
from loaders.council.households import fill
from loaders.council.identifiers import Registers
from loaders.council.kinship import link_households
from loaders.council.known import add_noise, befriend, choose_families, record_families
from loaders.council.model import Household, Person
from loaders.council.moves import Moves
from loaders.council.names import Names, names
from loaders.council.naming import make_namesakes, name_everybody
from loaders.council.places import Places, schools
from loaders.council.school_life import SchoolLife, note_leavers
from loaders.council.schooling import enrol
from loaders.council.services import Spells, Workforce, share_out
from loaders.council.settings import CouncilSettings

LEAST_PEOPLE = 10


@dataclass(slots=True)
class Council:
    """An invented council on one day. `seed` names every stream of chance."""

    settings: CouncilSettings
    seed: str
    today: date
    wanted: int
    people: list[Person] = field(default_factory=list)
    households: list[Household] = field(default_factory=list)
    stories: story.Stories = field(default_factory=story.Stories)
    names: Names = field(default_factory=names)
    registers: Registers = field(default_factory=Registers)
    workforce: Workforce | None = None
    shared_number: str = ""

    def dice(self, name: str) -> Dice:
        """The stream of chance of that name."""
        return Dice(f"{self.seed}/{self.wanted}/{name}")


def populate(settings: CouncilSettings, people: int, seed: int, today: date) -> Council:
    """The council of that size, seed and day: the same one every time."""
    council = Council(settings, str(seed), today, people)
    council.stories, homes = story.tell()
    council.people.extend(council.stories.people)
    adoptions = int(settings.care["adopted_per_thousand_people"] * people / 1000)
    builder = Builder(settings, council.dice("households"), today, council.people, people - adoptions)
    housed = fill(builder)
    council.households = homes + housed
    link_households(settings, council.dice("kinship"), today, housed)
    families = _choose(council)
    places = Places(f"{seed}/{people}", people, settings.moves["relet"])
    care = Care(settings.care, settings.errors["restriction_missing"], council.dice("care"), today, places.hubs)
    adopt(council.dice("adoption"), today, families, council.households, council.people, adoptions)
    _top_up(council, builder)
    care.arrange(families, council.households)
    care.house_adults(council.households)
    name_everybody(settings.names, council.dice("names"), council.names, council.people)
    make_namesakes(council.people, today, 1 + people // 4000)
    _settle(council, places)
    return council


def _choose(council: Council) -> list[Household]:
    """Families in social care, and the people around them and beside them."""
    rates, today = council.settings.known, council.today
    families = choose_families(rates, council.dice("known"), today, council.households)
    share_out(families, today, council.settings.services["children_per_worker"], already=2)
    record_families(rates, council.dice("recorded"), today, families)
    befriend(rates, council.dice("friends"), families, council.people, today)
    add_noise(rates, council.dice("noise"), today, council.people)
    return families


def _top_up(council: Council, builder: Builder) -> None:
    """People living alone in place of adoptions that found no parents: the council has exactly the people asked for."""
    builder.wanted = council.wanted
    council.households += fill(builder)


def _settle(council: Council, places: Places) -> None:
    """Identifiers, homes, schools and services."""
    settings, today, people = council.settings, council.today, council.people
    story.identify(council.stories, council.registers)
    council.shared_number = council.registers.nhs()
    story.house(council.stories, places, today)
    Moves(settings.moves, council.dice("moves"), today, places, settings.children["second_address"]).house_all(
        council.households
    )
    for person in people:
        if not person.nhs and not person.unborn:
            person.nhs = council.registers.nhs()
    taught = schools(council.wanted, council.registers)
    enrol(council.dice("schools"), council.registers, today, people, taught)
    council.workforce = Workforce(council.dice("workforce"), council.names, council.registers, council.wanted)
    story.serve(council.stories, council.workforce, today)
    known = [person for person in people if person.sources]
    Spells(settings.services, council.dice("spells"), today, council.workforce).add_all(known)
    for person in people:
        if person.school:
            person.sources.add("school_census")
    note_leavers(today, people, taught["secondary"])
    happenings = Happenings(settings.happenings, council.dice("happenings"), today, council.workforce)
    happenings.add_all(people, council.households)
    SchoolLife(settings.happenings, council.dice("school life"), today).add_all(people)
    story.plan(council.stories, today)
