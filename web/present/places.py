"""Where a person lives or lived, newest first, each with its source; sources that disagree stay side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from web.present.dates import has_ended, month_words, span_words
from web.present.freshness import Provenance, Sources, provenance
from web.present.happenings import Happenings, happenings, still_so
from web.present.rows import Row, day, flag, listed, text, unique

MOST_NAMED = 3
"""Sources a sentence names before it only counts them."""

KINDS = {"placement": "Placement", "correspondence": "Correspondence address", "other": "Other address"}


@dataclass(frozen=True, slots=True)
class Residence:
    """One source's statement that a person lived somewhere."""

    type: str
    start: date | None
    end: date | None
    current: bool
    dates: str
    since: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Home:
    """One place a person lives or lived at, and every statement of it, newest first. `short` has no postcode."""

    address_id: str
    short: str
    line: str
    kind: str
    communal: bool
    residences: tuple[Residence, ...]

    @property
    def current(self) -> bool:
        """Whether any source still gives it."""
        return any(one.current for one in self.residences)

    @property
    def lived_in(self) -> bool:
        """Whether it is more than an address for letters."""
        return any(one.type != "correspondence" for one in self.residences)

    @property
    def since(self) -> str:
        """Who gives it and since when: "LCS and Mosaic, since March 2018"; of many how many, and the earliest."""
        told = [one for one in self.residences if one.current or not self.current]
        titles = unique(one.provenance.title for one in told)
        if self.current and len(titles) > MOST_NAMED:
            dated = [one for one in told if one.start]
            first = min(dated, key=lambda one: one.start or date.max).since if dated else told[0].since
            return f"{len(titles)} sources, {'the earliest ' if dated else ''}{first}"
        by_date: dict[str, list[str]] = {}
        for one in told:
            by_date.setdefault(one.since if self.current else one.dates, []).append(one.provenance.title)
        return "; ".join(f"{listed(unique(titles))}, {since}" for since, titles in by_date.items())

    @property
    def lines(self) -> list[tuple[str, list[Provenance]]]:
        """When each source says that they lived there, those that say the same together, newest first."""
        lines: dict[str, list[Provenance]] = {}
        for one in self.residences:
            lines.setdefault(one.dates, []).append(one.provenance)
        return list(lines.items())

    def lived_while(self, start: date | None, end: date | None) -> bool:
        """Whether any source has the person there on a day between the two. A day not recorded shuts nothing out."""
        return any(
            (one.start is None or end is None or one.start <= end)
            and (start is None or one.end is None or start <= one.end)
            for one in self.residences
        )


def homes(rows: Iterable[Row], sources: Sources, on: date) -> list[Home]:
    """The places of address rows: newest start first, those without a start last; statements of one place together."""
    by_place: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: _place(row, on)):
        by_place.setdefault(text(row, "address_id") or "", []).append(row)
    return [_home(address_id, group, sources, on) for address_id, group in by_place.items()]


def place_facts(places: Sequence[Home], rows: Iterable[Row], sources: Sources, on: date) -> dict[str, list[Happenings]]:
    """What is said of the places as such, by address id: only what was so while the person lived there.

    It is about the place: never about the person, nor about anybody else there.
    """
    homes_by_id = {home.address_id: home for home in places}
    found: dict[str, list[Row]] = {}
    for row in rows:
        home = homes_by_id.get(text(row, "address_id") or "")
        if home is not None and home.lived_while(*_held_between(row, on)):
            found.setdefault(home.address_id, []).append(row)
    return {address_id: happenings(facts, sources, on) for address_id, facts in found.items()}


def _held_between(row: Row, on: date) -> tuple[date | None, date | None]:
    """The days a fact holds for: one that is not standing and has no end is of one day."""
    start, end = day(row, "on"), day(row, "until")
    return start, end or (None if still_so(row, on) else start)


def current_homes(places: Sequence[Home]) -> list[Home]:
    """The places somebody can be living at, newest first."""
    return [home for home in places if home.current and home.lived_in]


def distinct(places: Sequence[Home]) -> list[list[Home]]:
    """The places with those together that differ only in that one was given without its postcode."""
    found: list[list[Home]] = []
    for home in places:
        same = next((group for group in found if _reads_alike(group[0], home)), None)
        if same is None:
            found.append([home])
        else:
            same.append(home)
    return found


def _reads_alike(one: Home, other: Home) -> bool:
    lines = {one.line.casefold(), other.line.casefold()}
    return one.short.casefold() == other.short.casefold() and (len(lines) == 1 or one.short.casefold() in lines)


def address_disagreement(places: Sequence[Home]) -> str:
    """What to say when the sources give different current addresses; empty when they do not."""
    by_source: dict[str, set[int]] = {}
    for number, same in enumerate(distinct(current_homes(places))):
        for one in (one for home in same for one in home.residences):
            if one.current and one.type != "correspondence":
                by_source.setdefault(one.provenance.title, set()).add(number)
    if len(by_source) < 2 or set.intersection(*by_source.values()):
        return ""
    return f"Sources disagree about the current address: {listed(by_source)} give different ones"


def _home(address_id: str, rows: Sequence[Row], sources: Sources, on: date) -> Home:
    first = rows[0]
    short, postcode = text(first, "text") or "Address not recorded", text(first, "postcode")
    return Home(
        address_id=address_id,
        short=short,
        line=f"{short}, {postcode}" if postcode and postcode not in short else short,
        kind=KINDS.get(text(first, "type") or "home", ""),
        communal=flag(first, "communal"),
        residences=tuple(_residence(row, sources, on) for row in rows),
    )


def _residence(row: Row, sources: Sources, on: date) -> Residence:
    start, end = day(row, "start"), day(row, "end")
    return Residence(
        type=text(row, "type") or "home",
        start=start,
        end=end,
        current=not has_ended(end, on),
        dates=span_words(start, end, on),
        since=f"since {month_words(start)}" if start else "start not recorded",
        provenance=provenance(row, sources),
    )


def _place(row: Row, on: date) -> tuple[bool, int, bool, str, str]:
    start = day(row, "start")
    return (
        start is None,
        -start.toordinal() if start else 0,
        has_ended(day(row, "end"), on),
        text(row, "source") or "",
        text(row, "address_id") or "",
    )
