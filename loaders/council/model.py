"""What an invented council is made of: people, households, dwellings, spells of service. Facts, free of any error.

A source's view of a person, with its mistakes, is a `records.Record`; nothing here knows about files.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(slots=True)
class Dwelling:
    """One place people live at. `kind` is home, or a hub such as hostel, refuge, b_and_b, care_home."""

    key: int
    number: str
    street: str
    town: str
    postcode: str
    uprn: str
    flat: str = ""
    building: str = ""
    kind: str = "home"
    free_from: date | None = None


@dataclass(slots=True)
class Residence:
    """A spell of one person at one dwelling. `kind` is home, placement or other_parent."""

    dwelling: Dwelling
    start: date
    end: date | None = None
    kind: str = "home"
    hidden: bool = False


@dataclass(slots=True)
class Tie:
    """A relationship that no pointer holds (care, friendship, former partner): (owner) is the `code` of (other)."""

    code: str
    other: Person
    start: date | None = None
    end: date | None = None
    parental_responsibility: str = ""
    sources: tuple[str, ...] = ()


FORMER_COUPLES = ("EX_SPOUSE", "EX_PARTNER", "SPOUSE", "CIVIL_PARTNER")  # as a tie; a couple now is a pointer


@dataclass(slots=True)
class Spell:
    """A spell of a service with a person. `kind` is the Mosaic code, e.g. REL.ALLWORK."""

    kind: str
    worker: Worker
    start: date
    end: date | None = None
    reason: str = ""


@dataclass(slots=True)
class PlanMade:
    """A plan, assessment or order made for a person. `kind` is one of loaders/tables.py."""

    kind: str
    worker: Worker
    start: date
    end: date | None = None
    needs: tuple[str, ...] = ()
    legal_status: str = ""
    placement: str = ""


@dataclass(slots=True)
class Happening:
    """A dated thing that happened to a person. `incident` is one number for everybody concerned, 0 where there is none.

    `kind` is missing episode, suspension, permanent exclusion, police notification, offence, not in education, session
    attended, SEN support, young carer, behaviour or attainment; `detail` is what is coded of it: days, grading, type,
    need, outcome, or the session.
    """

    kind: str
    on: date
    until: date | None = None
    detail: str = ""
    incident: int = 0


@dataclass(slots=True)
class Worker:
    """A practitioner."""

    key: str
    name: str
    role: str
    team: str
    organisation: str
    phone: str
    email: str


@dataclass(slots=True)
class School:
    """A school: its number in pupil numbers, name and contacts."""

    number: int
    name: str
    phase: str
    phone: str
    email: str
    contact: str


@dataclass(slots=True, eq=False, repr=False)
class Person:
    """One human being.

    `father_key` tells fathers apart even where the man is nobody here (negative then). `joined` is the day of coming to
    the household and `left` the household before; `left_home` ends every home. `superseded` marks an adopted child's
    first life. `left_school` is where a pupil was until last summer. `attendance` is a pupil's this school year, in
    whole percent, 0 where nobody is a pupil. A source in `unlinked_in` holds the person, but none of their
    relationships.
    """

    key: int
    sex: str
    born: date
    origin: str
    household: Household | None = None
    forename: str = ""
    middle: str = ""
    surname: str = ""
    birth_surname: str = ""
    known_as: str = ""
    mother: Person | None = None
    father: Person | None = None
    father_key: int = 0
    children: list[Person] = field(default_factory=list)
    partner: Person | None = None
    married: bool = False
    together_since: date | None = None
    former: list[Person] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    residences: list[Residence] = field(default_factory=list)
    spells: list[Spell] = field(default_factory=list)
    plans: list[PlanMade] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)
    attendance: int = 0
    died: date | None = None
    unborn: bool = False
    twin: Person | None = None
    identical: bool = False
    restricted: tuple[str, ...] = ()
    sources: set[str] = field(default_factory=set)
    case: str = ""
    adopted: bool = False
    before_adoption: Person | None = None
    nhs: str = ""
    upn: str = ""
    former_upn: str = ""
    learner: str = ""
    school: School | None = None
    left_school: School | None = None
    joined: date | None = None
    left: Household | None = None
    placement: str = "home"
    hidden_placement: bool = False
    left_home: date | None = None
    superseded: bool = False
    unlinked_in: tuple[str, ...] = ()

    @property
    def entity_id(self) -> str:
        """The id in `truth/`."""
        return f"E{self.key:07d}"

    def age(self, today: date) -> int:
        """Completed years on that day; negative before birth."""
        return today.year - self.born.year - ((today.month, today.day) < (self.born.month, self.born.day))


@dataclass(slots=True, eq=False, repr=False)
class Household:
    """People who live together now, and the kind of household it is. `caseload` is the place of its worker, if any."""

    kind: str
    origin: str
    members: list[Person] = field(default_factory=list)
    step: bool = False
    case: str = ""
    caseload: int = -1
    hub: Dwelling | None = None
