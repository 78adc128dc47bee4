"""The rows of `fixtures/canaries/` stamped once for each person a source knows: every column it reads gets a token.

A row is a mapping of column to cell. In a cell

- `{text}` is a new token with something harmful behind it, `{word}` one without; `{number}`, `{phone}`, `{postcode}`,
  `{uprn}`, `{uln}`, `{pnc}`, `{day}` and `{end}` are new values of those shapes;
- `{id}`, `{forename}`, `{surname}`, `{dob}`, `{nhs}`, `{upn}` are the person's own, `{kin}` their mother's record;
- `{family.x}` and `{ref.x}` stand for one thing of this family or person in this source; `{serial}` is no token.

A row is for everybody, or for those named by `for`. `tell` says that its tokens are of another kind than the person's,
and so does a word behind a new value (`{word.beside}`): closed (of a sensitive service), hidden (of a hidden address),
beside (about somebody else named on the row), unplaced (words of a link nobody could place), unused.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import yaml

from loaders.source import Source, discover
from tests.canary_tokens import Canaries, Secret

FOLDER = Path(__file__).parent.parent / "fixtures" / "canaries"
_HOLE = re.compile(r"\{([a-z]+)(?:[.:]([^{}]*))?\}")
_CLOSED = {
    Secret.UNIT_ONE: Secret.SENSITIVE, Secret.OUTSIDE: Secret.CLOSED, Secret.EXCLUDED: Secret.EXCLUDED_CLOSED,
}  # fmt: skip

_BESIDE = {Secret.SHIELDED: Secret.PARENT_OF_SHIELDED, Secret.EXCLUDED: Secret.OUTSIDE}


class Nothing(Exception):
    """The person has no such thing: the row is not theirs."""


@dataclass
class Being:
    """What the sources know of one invented person. `parts` are the values that every source shares."""

    name: str
    kind: Secret
    parts: Mapping[str, str]
    hidden_by: str = ""
    mother: "Being | None" = None
    records: dict[str, str] = field(default_factory=dict)
    places: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def rest(self) -> Secret:
        """The kind of what is not their name."""
        return Secret.SHIELDED if self.kind is Secret.SHIELDED_NAME else self.kind

    def told(self, closed: bool, tell: str = "") -> Secret:
        """The kind of a fact that a source tells of them."""
        if tell in ("hidden", "unused"):
            return Secret.HIDDEN_ADDRESS if tell == "hidden" else Secret.UNUSED
        if tell == "beside":
            return _BESIDE.get(self.rest, self.rest)
        if tell == "unplaced" and self.rest is Secret.UNIT_ONE:
            return Secret.UNPLACED
        return _CLOSED.get(self.rest, self.rest) if closed or tell == "closed" else self.rest


@cache
def sources() -> dict[str, Source]:
    """Every source there is."""
    return discover()


@cache
def templates(source: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of a source's files that are stamped."""
    return yaml.safe_load((FOLDER / f"{source}.yaml").read_text("utf-8")) or {}


def is_closed(source: str) -> bool:
    """Whether a source is for few."""
    return "standard" not in sources()[source].classes


def restricting() -> list[str]:
    """The sources that can restrict a person by a flag of their own."""
    return [name for name, one in sources().items() if any(spec.restriction_columns for spec in one.files)]


class Stamp:
    """Stamps the rows of one source for one person after the other."""

    def __init__(self, tokens: Canaries, source: str, serial: Iterator[int]) -> None:
        self._tokens, self._source, self._serial = tokens, source, serial
        self._things: dict[tuple[str, str], str] = {}
        self._last = ""
        self._once: set[str] = set()

    def rows(self, being: Being) -> Iterator[tuple[str, dict[str, str]]]:
        """Every row this source has of them: the file's name and the row."""
        self._tokens.telling = (being.name, self._source)
        for file, rows in templates(self._source).items():
            for place, row in enumerate(rows):
                if self._is_for(being, row, f"{file}{place}"):
                    try:
                        yield f"{self._source}/{file}", self._row(file, row, being)
                    except Nothing:
                        continue
        self._tokens.telling = ("", "")

    def _is_for(self, being: Being, row: Mapping[str, Any], place: str) -> bool:
        first = place not in self._once
        self._once.add(place)
        child = being.mother is not None or being.name == "after"
        return {
            "": "once" not in row or first, "child": child,
            "mother": being.name == "mother one", "excluded": being.kind is Secret.EXCLUDED,
            "others": child and being.kind is not Secret.EXCLUDED,
            "kin": being.mother is not None, "one": being.name == "child one",
        }[row.get("for", "")]  # fmt: skip

    def _row(self, file: str, row: Mapping[str, Any], being: Being) -> dict[str, str]:
        kind = being.told(is_closed(self._source), row.get("tell", ""))

        def filled(found: re.Match[str]) -> str:
            return self._value(found[1], found[2] or "", kind, being)

        made = {
            column: _HOLE.sub(filled, cell)
            for column, cell in row.items()
            if column not in ("for", "tell", "once")
        }  # fmt: skip
        (spec,) = (one for one in sources()[self._source].files if one.name == file)
        never = {column: self._tokens.text(Secret.NEVER) for column in ("case_note", *spec.never_read)}
        return dict.fromkeys(spec.expected, "") | never | made

    def _value(self, what: str, which: str, kind: Secret, being: Being) -> str:
        tokens = self._tokens
        new: dict[str, Callable[[Secret], str]] = {
            "text": tokens.text, "word": lambda kind: tokens.text(kind, harmful=False), "number": tokens.number,
            "phone": tokens.phone, "postcode": tokens.postcode, "uprn": tokens.uprn, "uln": tokens.uln,
            "pnc": tokens.pnc, "day": self._day, "end": lambda kind: tokens.day(kind, end=True),
        }  # fmt: skip
        if what in new:
            return new[what](being.told(False, which) if which else kind)
        if what in being.parts:
            return being.parts[what]
        return {
            "id": lambda: self._record(being), "kin": lambda: self._kin(_mother(being), which),
            "serial": lambda: str(next(self._serial)), "last": lambda: self._last,
            "ref": lambda: self._thing(being, which, kind),
            "family": lambda: self._family(being, which), "unused": lambda: tokens.text(Secret.UNUSED),
            "hide": lambda: which.split(":")[being.hidden_by == self._source],
            "after": lambda: which.split(":")[being.name == "after"],
            "mother": lambda: which.split(":")[being.name == "mother one"],
            "excluded": lambda: which.split(":")[being.kind is Secret.EXCLUDED],
            "home": lambda: _place(being, "home", which), "hidden": lambda: _place(being, "hidden", which),
        }[what]()  # fmt: skip

    def _day(self, kind: Secret) -> str:
        self._last = self._tokens.day(kind)
        return self._last

    def _kin(self, mother: Being, part: str) -> str:
        return mother.parts[part] if part else self._record(mother)

    def _record(self, being: Being) -> str:
        told = being.told(is_closed(self._source))
        if self._source not in being.records:
            being.records[self._source] = self._tokens.number(told)
        return being.records[self._source]

    def _family(self, being: Being, name: str) -> str:
        head = being.mother or being
        return self._thing(head, name, head.told(is_closed(self._source)))

    def _thing(self, being: Being, name: str, kind: Secret) -> str:
        key = (being.name, name)
        if key not in self._things:
            self._things[key] = self._tokens.number(kind)
        return self._things[key]


def _mother(being: Being) -> Being:
    if being.mother is None:
        raise Nothing
    return being.mother


def _place(being: Being, which: str, part: str) -> str:
    if which not in being.places:
        raise Nothing
    return being.places[which][part]


def serials() -> Iterator[int]:
    """Numbers that stand for nothing."""
    return count(1)
