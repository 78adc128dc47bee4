"""Are a source's relationships the right way round? Mosaic and LCS state direction in opposite ways, and a council has
flipped every historic row once. Dated parent pairs give it away.

Rule (design, section 4): more than half of at least five dated parent pairs the wrong way round refuses the file; fewer
are quarantined row by row.
"""

from dataclasses import dataclass, field
from datetime import date

from graph import vocabulary

FEWEST_PAIRS = 5
"""Dated parent pairs below which nothing can be said of the whole file."""

# fmt: off
_OLDER_BY_BIRTH = frozenset({
    "PARENT", "BIRTH_PARENT", "ADOPTIVE_PARENT", "PARENT_OF_UNBORN", "PUTATIVE_PARENT",
    "GRANDPARENT", "GREAT_GRANDPARENT",
})
# fmt: on


@dataclass(slots=True)
class Direction:
    """The tally of one load."""

    pairs: int = 0
    wrong: int = 0
    too_young: int = 0
    above: set[tuple[str, str]] = field(default_factory=set)

    def observe(self, code: str, older: date | None, younger: date | None) -> bool:
        """Count one canonical row; whether it can stand. Equal birthdays are wrong too: nobody is their own parent."""
        if older is None or younger is None or code not in _OLDER_BY_BIRTH:
            return True
        self.pairs += 1
        if older >= younger:
            self.wrong += 1
            return False
        least = vocabulary.code(code).min_years_older
        if least is not None and (younger - older).days < least * 365.25 - 1:
            self.too_young += 1
        return True

    def opposed(self, code: str, first: str, second: str, births: tuple[date | None, date | None]) -> bool:
        """Whether an earlier row puts the second of two people above the first, generations told by codes: both cannot
        be. Only asked where births cannot tell; else the row is remembered.
        """
        offset = vocabulary.code(code).generation_offset
        if not offset or offset < 0 or (None not in births and code in _OLDER_BY_BIRTH):
            return False
        if (second, first) in self.above:
            return True
        self.above.add((first, second))
        return False

    @property
    def reversed(self) -> bool:
        """Whether the file as a whole must be refused."""
        return self.pairs >= FEWEST_PAIRS and self.wrong * 2 > self.pairs
