"""Who is known to which system: families in social care and the people around them, and the noise about them.

Decides membership only. What a source writes about a person is `records`, what services do is `services`.
"""

from collections.abc import Iterable
from datetime import date

from loaders.council.dice import Dice
from loaders.council.model import Household, Person, Tie
from loaders.council.relations import siblings
from loaders.council.settings import Rates


def choose_families(rates: Rates, dice: Dice, today: date, households: Iterable[Household]) -> list[Household]:
    """Marks the families known to children's social care (`case` open or closed) and returns them.

    The share is `base`, weighted by the kind of household, so that lone parents and step-families stand out; the first
    `least_children` children are all open cases, so that the first two workers have full caseloads.
    """
    homes = [home for home in households if home.kind != "story" and _children(home, today)]
    base = max(rates["base"], rates["least_children"] / max(1, sum(len(_children(home, today)) for home in homes)))
    known, children = list[Household](), 0
    for home in homes:
        if dice.chance(min(0.95, base * _weight(rates, home))):
            is_open = children < rates["least_children"] or dice.chance(rates["open"])
            home.case = "open" if is_open else "closed"
            children += len(_children(home, today))
            known.append(home)
        elif dice.chance(rates["lcs_only"]):
            for person in home.members:
                person.sources.add("lcs")
    return known


def _children(home: Household, today: date) -> list[Person]:
    return [person for person in home.members if person.age(today) < 18]


def _weight(rates: Rates, home: Household) -> float:
    if home.step:
        return rates["step_family"]
    if home.kind in ("lone_children", "multi_generation"):
        return rates["lone_parent" if home.kind == "lone_children" else "multi_generation"]
    return rates["married" if any(person.married for person in home.members) else "cohabiting"]


def record_families(rates: Rates, dice: Dice, today: date, families: Iterable[Household]) -> None:
    """Puts the children of known families, and a share of the people around them, into Mosaic and often LCS."""
    for home in families:
        both = dice.chance(rates["lcs_also"]) or 0 <= home.caseload <= 1
        for child in _children(home, today):
            child.sources |= {"mosaic", "lcs"} if both else {"mosaic"}
            child.case = home.case if dice.chance(0.94) or 0 <= home.caseload <= 1 else "closed"
            for kind, other in around(child):
                if dice.chance(rates[kind]):
                    other.sources.add("mosaic")
                    if both and dice.chance(0.8):
                        other.sources.add("lcs")
                    if kind in ("absent_parent", "partner") and dice.chance(rates["unlinked"]):
                        other.unlinked_in = (dice.pick(("mosaic", "lcs")),)


def around(child: Person) -> list[tuple[str, Person]]:
    """The people around a child, each with the name of the rate that says how often they are recorded."""
    found: list[tuple[str, Person]] = []
    for parent, kind in ((child.mother, "mother"), (child.father, "father")):
        if parent is None:
            continue
        at_home = parent.household is child.household
        found.append((kind if at_home or kind == "mother" else "absent_parent", parent))
        if at_home and parent.partner and parent.partner not in (child.mother, child.father):
            found.append(("partner", parent.partner))
        for grandparent in (parent.mother, parent.father):
            if grandparent:
                found.append(("grandparent", grandparent))
        for aunt in siblings(parent):
            found.append(("aunt_uncle", aunt))
            found.extend(("cousin", cousin) for cousin in aunt.children)
    for other in siblings(child):
        found.append(("sibling" if other.household is child.household else "sibling_elsewhere", other))
    return found


def befriend(rates: Rates, dice: Dice, families: Iterable[Household], people: list[Person], today: date) -> None:
    """Some families have a friend or neighbour in Mosaic who is linked to the child, often with their own child."""
    for home in families:
        if not dice.chance(rates["friend"]):
            continue
        friend = dice.pick(people)
        children = [person for person in _children(home, today) if not person.unborn]
        if (
            not children
            or friend.household is home
            or friend.age(today) < 18
            or friend.died
            or friend.household is None
        ):
            continue
        if friend.household.kind == "story":
            continue
        friend.sources.add("mosaic")
        friend.ties.append(Tie("FRIEND" if dice.chance(0.75) else "NEIGHBOUR", children[0], sources=("mosaic",)))
        for own in friend.children[:1]:
            own.sources.add("mosaic")


def add_noise(rates: Rates, dice: Dice, today: date, people: Iterable[Person]) -> None:
    """Adults known to adult social care, and people of one contact: they have records and hardly any links."""
    for person in people:
        age = person.age(today)
        if person.sources or age < 18 or (person.household and person.household.kind == "story"):
            continue
        if dice.chance(rates["adults_mosaic"] * (5 if age >= 75 else 1)):
            person.sources.add("mosaic")
            if person.partner and dice.chance(0.5):
                person.partner.sources.add("mosaic")
        elif dice.chance(rates["contact_only"]):
            person.sources.add("lcs")
