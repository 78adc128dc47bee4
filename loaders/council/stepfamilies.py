"""Step-families: children who came before the couple, and perhaps children of both."""

from datetime import date, timedelta

from loaders.council.births import Builder, add_child, twin_up
from loaders.council.model import Household, Person


def step_children(builder: Builder, home: Household, couple: tuple[Person, Person], births: list[date]) -> None:
    """Some children came before the couple: hers, his or both; later ones may be of both parents."""
    shares, draw, (woman, man) = builder.settings.families, builder.dice.random(), couple
    hers, his = draw < shares["step_hers"], shares["step_hers"] <= draw < shares["step_hers"] + shares["step_his"]
    earlier = _came_before(builder, births, 1 if hers or his else 2)
    woman.together_since = man.together_since = _met(builder, births, earlier)
    father = builder.unknown_father()

    def parents(at: int) -> tuple[Person | None, Person | None, int]:
        if at >= earlier:
            return woman, man, 0
        return (None, man, 0) if his or (not hers and at % 2) else (woman, None, father)

    brood: list[Person] = []
    for at, born in enumerate(births):
        twin = at > 0 and born == births[at - 1]
        mother, dad, key = (brood[-1].mother, brood[-1].father, brood[-1].father_key) if twin else parents(at)
        brood.append(add_child(builder, home, born, mother, dad, key))
    twin_up(builder, brood)


def _came_before(builder: Builder, births: list[date], least: int) -> int:
    """How many of the children came before the couple; twins come together."""
    earlier = min(len(births), max(least, 1 if builder.dice.chance(0.6) else len(births)))
    while earlier < len(births) and births[earlier] == births[earlier - 1]:
        earlier += 1
    return earlier


def _met(builder: Builder, births: list[date], earlier: int) -> date:
    """When they met: after the earlier children, before the others; without later ones, three in ten met lately."""
    dice, last = builder.dice, births[earlier - 1]
    since = min(last + timedelta(days=dice.whole(350, 1500)), builder.today - timedelta(days=60))
    if earlier == len(births) and dice.chance(0.3):
        since = builder.today - timedelta(days=dice.whole(60, 700))
    since = max(since, last + timedelta(days=1))
    return min(since, births[earlier] - timedelta(days=200)) if earlier < len(births) else since
