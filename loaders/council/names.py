"""Names with the frequencies, eras and origins of a British council, from `names.toml`. Invented people only."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from loaders.council.dice import Dice, Weighted

_ERAS = (("a", 1945), ("b", 1965), ("c", 1985), ("d", 2005), ("e", 9999))
_POLISH_MEN = ("ski", "cki", "dzki")


def _ranked(text: str, offset: float, steepness: float) -> Weighted[str]:
    names = list(dict.fromkeys(text.split()))
    return Weighted((name, 1.0 / (place + offset) ** steepness) for place, name in enumerate(names))


def _split(table: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(others.split()) for name, others in table.items()}


class Names:
    """Every name list of the generator, ready to draw from."""

    def __init__(self) -> None:
        table = tomllib.loads(files("loaders.council").joinpath("names.toml").read_text(encoding="utf-8"))
        curve = (table["frequency"]["offset"], table["frequency"]["steepness"])
        self._surnames = {origin: _ranked(text, *curve) for origin, text in table["surnames"].items()}
        self._forenames = {
            (origin, sex, era): _ranked(text, *curve)
            for origin, sexes in table["forenames"].items()
            for sex, eras in sexes.items()
            for era, text in eras.items()
        }
        self.nicknames = _split(table["nicknames"])
        self.spellings = _split(table["spellings"])
        self.origins: tuple[str, ...] = tuple(self._surnames)

    def forms(self, forename: str) -> frozenset[str]:
        """Other spellings of a forename, short forms of it, and what it is a short form of."""
        longer = (name for name, short in self.nicknames.items() if forename in short)
        return frozenset((*self.spellings.get(forename, ()), *self.nicknames.get(forename, ()), *longer))

    def surname(self, dice: Dice, origin: str, sex: str) -> str:
        """A family name, in the form a person of that sex carries."""
        return gendered(dice.draw(self._surnames[origin]), sex)

    def forename(self, dice: Dice, origin: str, sex: str, born: date) -> str:
        """A forename of that origin and of the time the person was born in."""
        era = next(name for name, until in _ERAS if born.year < until)
        if origin in ("irish", "caribbean", "chinese") and dice.chance(0.45):
            origin = "british"
        lists = self._forenames.get((origin, sex, era)) or self._forenames[origin, sex, "all"]
        return dice.draw(lists)


def gendered(surname: str, sex: str) -> str:
    """Polish surnames in -ski take -ska for a woman; every other name stays as it is."""
    return surname[:-1] + "a" if sex == "F" and surname.endswith(_POLISH_MEN) else surname


@cache
def names() -> Names:
    """The lists, read once."""
    return Names()
