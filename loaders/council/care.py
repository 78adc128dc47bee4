"""Children who do not live with their parents, families in hostels and refuges, adoption, and who must be shielded.

Moves people between households and adds the ties of care. Where they lived before is worked out by `moves`.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from loaders.council.dice import Dice
from loaders.council.model import Dwelling, Household, Person, Residence, Tie
from loaders.council.relations import siblings
from loaders.council.settings import Rates

_LCS_FLAGS = (("Secure",), ("Secure", "IsHidden"), ("HideAllAddresses",), ("Secure", "HideAllAddresses"))


class Care:
    """Places children and shields families of one council."""

    def __init__(self, rates: Rates, one_flag: float, dice: Dice, today: date, hubs: dict[str, list[Dwelling]]) -> None:
        self.rates, self.one_flag, self.dice, self.today, self.hubs = rates, one_flag, dice, today, hubs

    def arrange(self, families: Iterable[Household], households: Iterable[Household]) -> None:
        """Every arrangement, family by family. However small the council, somebody in it is shielded."""
        carers = self._carers(households)
        shielded, at_home = False, []
        for home in families:
            children = [p for p in home.members if not p.unborn and p.age(self.today) < 18]
            if self._rehouse(home):
                continue
            for child in children:
                self._place(child, carers)
            if children and self.dice.chance(self.rates["shielded"]):
                self._shield(home, children)
                shielded = True
            elif children:
                at_home.append(home)
        if at_home and not shielded:
            home = self.dice.pick(at_home)
            self._shield(home, [p for p in home.members if not p.unborn and p.age(self.today) < 18])

    def house_adults(self, households: Iterable[Household]) -> None:
        """Some of the oldest live in care homes, some young people alone in hostels."""
        for home in households:
            adult = home.members[0] if home.kind == "one_person" else None
            age = adult.age(self.today) if adult else 0
            if age >= 84 and self.dice.chance(0.14):
                home.hub = self.dice.pick(self.hubs["care_home"])
            elif 18 <= age < 30 and self.dice.chance(0.05):
                home.hub = self.dice.pick(self.hubs["hostel"])

    def _carers(self, households: Iterable[Household]) -> list[Household]:
        suits = [h for h in households if h.kind == "couple_alone" and 36 <= h.members[0].age(self.today) <= 63]
        return self.dice.shuffled(suits)[: max(1, len(suits) // 9)]

    def _rehouse(self, home: Household) -> bool:
        """A whole family in a refuge (a mother alone with her children) or in bed and breakfast."""
        lone = home.kind == "lone_children" and home.members[0].sex == "F"
        if lone and self.dice.chance(self.rates["refuge"] * 2):
            home.hub = self.dice.pick(self.hubs["refuge"])
            self._shield(home, [p for p in home.members if p.age(self.today) < 18])
        elif self.dice.chance(self.rates["bed_and_breakfast"]):
            home.hub = self.dice.pick(self.hubs["b_and_b"])
        return home.hub is not None

    def _since(self, child: Person) -> date:
        days = max(20, min((self.today - child.born).days - 5, self.dice.whole(20, 1600)))
        return max(child.born, self.today - timedelta(days=days))

    def _place(self, child: Person, carers: list[Household]) -> None:
        draw, rates = self.dice.random(), self.rates
        for kind in ("foster", "kinship", "special_guardian", "private_foster", "residential"):
            draw -= rates[kind]
            if draw < 0:
                break
        else:
            return
        if kind == "residential":
            child.left_home = self._since(child)
            where = self.dice.pick(self.hubs["childrens_home"])
            child.residences.append(Residence(where, child.left_home, None, "placement"))
            return
        carer_home = (
            self._kin(child) if kind in ("kinship", "special_guardian") else self.dice.pick(carers) if carers else None
        )
        if carer_home and carer_home is not child.household:
            self._hand_over(child, carer_home, kind)

    def _kin(self, child: Person) -> Household | None:
        """The household of a grandparent, else of an aunt or uncle."""
        kin = [g for parent in (child.mother, child.father) if parent for g in (parent.mother, parent.father) if g]
        kin += [aunt for parent in (child.mother, child.father) if parent for aunt in siblings(parent)]
        homes = [k.household for k in kin if k.died is None and k.age(self.today) >= 21 and k.household]
        return next((home for home in homes if home is not child.household and home.hub is None), None)

    def _hand_over(self, child: Person, carer_home: Household, kind: str) -> None:
        since = self._since(child)
        code = {"foster": "FOSTER_CARER", "private_foster": "PRIVATE_FOSTER_CARER", "kinship": "CONNECTED_CARER"}.get(
            kind
        )
        adults = [p for p in carer_home.members if p.age(self.today) >= 21 and not p.died][:2]
        if not adults or any(adult.born > child.born - timedelta(days=18 * 365) for adult in adults):
            return
        for adult in adults:
            guardian = "Y" if kind == "special_guardian" else "N" if kind == "foster" else ""
            adult.ties.append(Tie(code or "SPECIAL_GUARDIAN", child, since, None, guardian))
            adult.sources |= child.sources
        old = child.household
        assert old is not None
        old.members.remove(child)
        carer_home.members.append(child)
        child.household, child.joined, child.left = carer_home, since, old
        child.placement = "placement" if kind != "special_guardian" else "home"
        child.hidden_placement = kind == "foster" and self.dice.chance(0.3)

    def _flags(self, person: Person) -> tuple[str, ...]:
        """What the sources say: of a person in two of them, often one only, and the other has forgotten."""
        mosaic: tuple[str, ...] = ("RESTRICTED",) if "mosaic" in person.sources else ()
        lcs = self.dice.pick(_LCS_FLAGS) if "lcs" in person.sources else ()
        if mosaic and lcs and self.dice.chance(self.one_flag):
            return mosaic if self.dice.chance(0.5) else lcs
        return mosaic + lcs

    def _shield(self, home: Household, children: list[Person]) -> None:
        """The children and the parent they live with; often with an order against the other parent."""
        order = self.dice.chance(self.rates["no_contact_order"])
        for person in (*children, *[p for p in home.members if p.age(self.today) >= 18 and p.children][:1]):
            person.restricted = self._flags(person)
        for child in children:
            for parent in (child.mother, child.father):
                if order and parent and parent.household is not home and parent.died is None:
                    a, b = sorted((child, parent), key=lambda person: person.key)
                    a.ties.append(Tie("NO_CONTACT_ORDER", b, self._since(child), sources=("lcs",)))


def adopt(
    dice: Dice, today: date, families: list[Household], households: list[Household], people: list[Person], wanted: int
) -> None:
    """Children adopted out of known families: a second person with a new name and new parents for each.

    The two are one human being and must never be joined: `truth/never_join.csv`.
    """
    couples = [h for h in households if h.kind == "couple_alone" and 28 <= h.members[0].age(today) <= 52]
    given = 0
    for home in dice.shuffled(families):
        child = next(
            (
                p
                for p in home.members
                if 2 <= p.age(today) <= 12 and not p.twin and not p.restricted and not p.joined and not p.left_home
            ),
            None,
        )
        if given >= wanted or not couples:
            break
        new_home = couples[-1]
        if (
            child is None
            or len(home.members) < 2
            or any((child.born - p.born).days < 21 * 366 for p in new_home.members)
        ):
            continue
        couples.pop()
        given += 1
        people.append(_adopted(dice, today, child, new_home, len(people) + 1))
        child.case = "closed"
        child.left_home, child.superseded = people[-1].joined, True


def _adopted(dice: Dice, today: date, child: Person, home: Household, key: int) -> Person:
    since = today - timedelta(days=dice.whole(30, (today - child.born).days - 300))
    after = Person(key, child.sex, child.born, home.origin, home)
    after.adopted, after.before_adoption, after.joined = True, child, since
    mother, father = home.members[0], home.members[1]
    after.mother, after.father, after.father_key = mother, father, father.key
    for parent in (mother, father):
        parent.children.append(after)
    home.members.append(after)
    after.sources = {"lcs"} if dice.chance(0.6) else set()
    mother.sources |= after.sources
    child.sources |= {"mosaic"}
    return after
