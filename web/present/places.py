"""Where a person lives or lived, newest first, each with its source; sources that disagree stay side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from web.present.dates import has_ended, month_words, span_words
from web.present.freshness import Provenance, Sources, provenance
from web.present.rows import Row, day, flag, listed, text, unique

KINDS = {"placement": "Placement", "correspondence": "Correspondence address", "other": "Other address"}


@dataclass(frozen=True, slots=True)
class Residence:
    """One source's statement that a person lived somewhere."""

    type: str
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
        """Who gives it and since when: "LCS and Mosaic, since March 2018"."""
        by_date: dict[str, list[str]] = {}
        for one in self.residences:
            if one.current or not self.current:
                by_date.setdefault(one.since if self.current else one.dates, []).append(one.provenance.title)
        return "; ".join(f"{listed(unique(titles))}, {since}" for since, titles in by_date.items())


def homes(rows: Iterable[Row], sources: Sources, on: date) -> list[Home]:
    """The places of address rows: newest start first, those without a start last; statements of one place together."""
    by_place: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: _place(row, on)):
        by_place.setdefault(text(row, "address_id") or "", []).append(row)
    return [_home(address_id, group, sources, on) for address_id, group in by_place.items()]


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
