"""Who is on the roll of a school, who is round a pupil, and the codes education systems write for what is true of them.

Facts about people only; how a system writes them is for its writer.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache

from loaders.council.dice import Dice
from loaders.council.links import Link, words
from loaders.council.model import Happening, Person, PlanMade, School
from loaders.education import codes

EXCLUSION_REASONS = ("DB", "DB", "DB", "PP", "VA", "VP", "PA", "DA", "BU", "DM", "TH", "OW", "MT")
"""Codes of the school census for why somebody was excluded, as often as they are given (ASSUMPTION)."""

_CONTACTS = {
    "PARENT", "ADOPTIVE_PARENT", "STEP_PARENT", "PARENTS_PARTNER", "GRANDPARENT", "FOSTER_CARER", "CONNECTED_CARER",
    "SPECIAL_GUARDIAN", "AUNT_UNCLE",
}  # fmt: skip
_SAID = {"ADOPTIVE_PARENT": "PARENT"}  # a school writes "Mother", however she became one
_HALF_TERM = {(10, 4), (2, 3), (5, 5)}  # month and which Monday of it
_WEEKS = 12


def pupils(people: Iterable[Person]) -> Iterator[Person]:
    """Everybody on the roll of a state school, in order."""
    return (person for person in people if person.school is not None)


def with_carers(people: Iterable[Person], dice: Dice, share: float, carers: float) -> list[Person]:
    """A share of the pupils, and of the adults round each of them; everybody once."""
    found: dict[int, Person] = {}
    for pupil in pupils(people):
        if not dice.chance(share):
            continue
        found.setdefault(pupil.key, pupil)
        for adult in _adults(pupil):
            if dice.chance(carers):
                found.setdefault(adult.key, adult)
    return list(found.values())


def _adults(pupil: Person) -> Iterator[Person]:
    """Parents, and whoever lives with one of them as a partner, living; the unborn have no carers yet."""
    for parent in (pupil.mother, pupil.father):
        if parent is None:
            continue
        if not parent.died:
            yield parent
        partner = parent.partner
        if (
            partner
            and not partner.died
            and partner.household is pupil.household
            and parent.household is pupil.household
        ):
            yield partner


def contact_links(links: Iterable[Link], pupil_records: set[str]) -> Iterator[Link]:
    """The links a school keeps: adults round a pupil, and now and then a row typed the wrong way round."""
    for link in links:
        upright = link.code in _CONTACTS and link.right.record_id in pupil_records
        reversed_row = link.code == "PARENT" and link.left.record_id in pupil_records
        if upright or reversed_row:
            yield link


def contact_word(link: Link) -> str:
    """What a school calls the contact: "Mother", "Step father"."""
    female, male, neutral = words()[_SAID.get(link.code, link.code)][:3]
    return {"F": female, "M": male}.get(link.left.person.sex, neutral)


def together(link: Link) -> bool:
    """Whether the two live in one household today."""
    return link.left.person.household is link.right.person.household


def plan_of(person: Person) -> PlanMade | None:
    """The education, health and care plan of a pupil, if there is one."""
    return next((plan for plan in person.plans if plan.kind == "EHC"), None)


def happened(person: Person, *kinds: str) -> Iterator[Happening]:
    """What happened to a person, of these kinds."""
    return (happening for happening in person.happenings if happening.kind in kinds)


@cache
def code_of(table: str, meaning: str) -> str:
    """The Department's code for a need or a reason in words."""
    return next(code for code, found in codes(table).items() if found == meaning)


def half_days(happening: Happening) -> int:
    """How long a suspension lasts, in sessions."""
    number = happening.detail.partition(" ")[0]
    return int(number) if number.isdigit() else 0


def schools_of(people: Iterable[Person]) -> list[School]:
    """Every school somebody is or was at, by number."""
    found = {school.number: school for person in people for school in (person.school, person.left_school) if school}
    return [found[number] for number in sorted(found)]


def school_weeks(today: date) -> list[date]:
    """The Mondays of the last twelve whole weeks of school in this school year."""
    began = date(today.year if today.month >= 9 else today.year - 1, 9, 1)
    monday = began + timedelta(days=(7 - began.weekday()) % 7)
    weeks = []
    while monday + timedelta(days=5) <= today:
        if not _holiday(monday):
            weeks.append(monday)
        monday += timedelta(days=7)
    return weeks[-_WEEKS:]


def _holiday(monday: date) -> bool:
    """Half terms, two weeks at Christmas and at Easter (the first of April), and from the last week of July."""
    friday = monday + timedelta(days=4)
    turn = (monday.month, monday.day) >= (12, 20) or (friday.month, friday.day) <= (1, 4)
    summer = (7, 21) <= (friday.month, friday.day) <= (8, 31)
    easter = monday.month == 4 and monday.day <= 14
    return turn or summer or easter or (monday.month, (monday.day + 6) // 7) in _HALF_TERM


def register_marks(attendance: int, days: int, dice: Dice) -> list[str]:
    """The marks of so many days, two a day, with as many absences as the percentage says, in one spell."""
    missed = days * 2 - round(days * 2 * attendance / 100)
    code = "IIIIUOC"[dice.whole(0, 6)]
    marks = ["/\\"] * days
    if missed:
        first = dice.whole(0, days - 1)
        for at in range(missed // 2):
            marks[(first + at) % days] = code * 2
        if missed % 2:
            marks[(first + missed // 2) % days] = code + "\\"
    return marks
