"""Tokens that stand in one place only, each with its kind, which says who may ever see it; and finding them in a text.

Texts carry, behind the token, something a page or a spreadsheet might run if it were careless. A day is a token too: of
a fact that is told in codes nothing else can be followed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import count

from loaders.council.identifiers import (
    learner_number,
    nhs_number,
    police_number,
    property_reference,
    pupil_number,
    telephone,
)

HARMFUL = (
    '"><script>alert(1)</script>', "{{7*7}}", "</script><img src=x onerror=alert(1)>", "=1+1", "' onfocus='alert(1)",
    "<!--", "javascript:alert(1)", "\\u003cscript\\u003e", "@SUM(A1)", "&lt;b&gt;", "${7*7}",
    "\\u0022-alert(1)-\\u0022",
)  # fmt: skip
_SHAPES = (
    re.compile(r"(?=(zq[a-z]{3}qz|731\d{5}|999\d{7}|01632\d{6}|aa\d{3}[a-z]{2}|[a-z]000\d{9}|1900/\d{7}[a-z]))"),
    re.compile(r"(?=(999\d{9}))"),
)
"""What a token looks like without spaces. A property reference begins like an NHS number."""
_DAYS, _ENDS = date(2020, 1, 2), date(2025, 1, 2)
"""From when on the days of beginnings and of ends are given out, one after the other."""
_TAKEN = {date(2023, 9, 1), date(2026, 1, 15), date(2026, 5, 11), date(2026, 5, 15), date(2026, 5, 21)}
"""Days that stand in many rows."""
_SPELT = re.compile(r"\b(\d{4}-\d\d-\d\d|\d{1,2} [a-z]{3,9} \d{4})\b")
_MONTHS = {date(2000, month, 1).strftime("%B").lower(): month for month in range(1, 13)}


class Secret(StrEnum):
    """What kind of fact a token is, and so who may see it."""

    UNIT_ONE = "about the family on the first worker's caseload"
    UNIT_TWO = "about the family on the second worker's caseload"
    BRIDGE = "about somebody linked to both families"
    OUTSIDE = "about people on neither"
    SHIELDED_NAME = "name of a shielded child"
    SHIELDED = "anything else about a shielded child"
    PARENT_OF_SHIELDED = "about a parent of a shielded child, or somebody named on their row"
    ADOPTER = "about somebody linked by a restricted link alone"
    SENSITIVE = "about the first family, of a sensitive service or told by a source for few"
    CLOSED = "the same about people on neither caseload"
    EXCLUDED = "about somebody whom two readers may not see"
    EXCLUDED_CLOSED = "the same of a sensitive service or told by a source for few"
    HIDDEN_ADDRESS = "the hidden address of a visible child"
    UNPLACED = "the words of a link that nobody could place"
    UNUSED = "in a column that no page shows"
    NEVER = "in a column that must be dropped at once"
    QUARANTINED = "in a row that cannot be loaded"


@dataclass
class Canaries:
    """Every token given out, with its kind, and of whom which source tells it."""

    kinds: dict[str, Secret] = field(default_factory=dict)
    owners: dict[str, tuple[str, str]] = field(default_factory=dict)
    telling: tuple[str, str] = ("", "")
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _phones: Iterator[int] = field(default_factory=lambda: count(1))
    _days: Iterator[int] = field(default_factory=count)
    _ends: Iterator[int] = field(default_factory=count)
    _packed: dict[str, str] = field(default_factory=dict)

    def text(self, kind: Secret, harmful: bool = True) -> str:
        """A new token, with something harmful behind it."""
        number = next(self._numbers)
        token = "Zq" + "".join(chr(97 + number // 26**place % 26) for place in range(3)) + "qz"
        self.taken(kind, token)
        return token + (HARMFUL[number % len(HARMFUL)] if harmful else "")

    def taken(self, kind: Secret, value: str) -> str:
        """A value of a fixed shape as a token of its own."""
        token = value.lower()
        if token not in self.kinds:
            self._packed[token.replace(" ", "")] = token
            self.owners[token] = self.telling
        assert self.kinds.setdefault(token, kind) is kind, token
        assert token in self.found(value), "a shape of token that is not looked for"
        return value

    def number(self, kind: Secret) -> str:
        """A new record id."""
        return self.taken(kind, str(73_100_000 + 7 * next(self._numbers)))

    def nhs(self, kind: Secret) -> str:
        """A new NHS number."""
        return self.taken(kind, next(found for _ in count() if (found := nhs_number(next(self._numbers)))))

    def upn(self, kind: Secret) -> str:
        """A new unique pupil number."""
        number = next(self._numbers)
        return self.taken(kind, pupil_number(100 + number // 1000, 20, number))

    def uln(self, kind: Secret) -> str:
        """A new learner number."""
        return self.taken(kind, next(found for _ in count() if (found := learner_number(next(self._numbers)))))

    def pnc(self, kind: Secret) -> str:
        """A new police computer id."""
        return self.taken(kind, police_number(next(self._numbers)))

    def phone(self, kind: Secret) -> str:
        """A new telephone number."""
        return self.taken(kind, telephone(next(self._phones)))

    def postcode(self, kind: Secret) -> str:
        """A new postcode of an area that does not exist."""
        number = next(self._numbers)
        ninety, letter = divmod(number // 90, 26)
        return self.taken(kind, f"AA{number % 90 + 10} {number % 9 + 1}{chr(65 + letter)}{'QRSTUVWXYZ'[ninety]}")

    def uprn(self, kind: Secret) -> str:
        """A new property reference."""
        return self.taken(kind, property_reference(next(self._numbers)))

    def day(self, kind: Secret, end: bool = False) -> str:
        """A new day, of the years of beginnings or of ends."""
        days, first = (self._ends, _ENDS) if end else (self._days, _DAYS)
        found = next(day for _ in count() if (day := first + timedelta(next(days))) not in _TAKEN and day.day > 2)
        return self.taken(kind, found.isoformat())

    def found(self, text: str) -> set[str]:
        """Every token in a text, however it is spaced; days also where they are spelt out."""
        folded = text.lower()
        packed = folded.replace(" ", "")
        shaped = {one for shape in _SHAPES for one in shape.findall(packed)}
        found = {self._packed[one] for one in shaped & self._packed.keys()}
        return found | {day for match in _SPELT.findall(folded) if (day := _iso(match)) in self.kinds}


def _iso(spelt: str) -> str:
    """A day spelt in numbers or in words, in numbers."""
    if "-" in spelt:
        return spelt
    day, month, year = spelt.split(" ")
    return f"{year}-{_MONTHS[month]:02}-{int(day):02}" if month in _MONTHS else ""
