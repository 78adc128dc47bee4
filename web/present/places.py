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
    """One source's statement that a person lived somewhere. `short` leaves out the postcode."""

    address_id: str
    short: str
    line: str
    type: str
    kind: str
    communal: bool
    current: bool
    dates: str
    since: str
    provenance: Provenance


def residences(rows: Iterable[Row], sources: Sources, on: date) -> list[Residence]:
    """The residences of address rows: newest start first, those without a start last."""
    ordered = sorted(rows, key=lambda row: _place(row, on))
    return [_residence(row, sources, on) for row in ordered]


def homes(residences: Sequence[Residence]) -> list[Residence]:
    """The current addresses somebody can live at, one line per place, newest first."""
    current = [home for home in residences if home.current and home.type != "correspondence"]
    return list({home.address_id: home for home in reversed(current)}.values())[::-1]


def address_disagreement(residences: Sequence[Residence]) -> str:
    """What to say when the sources give different current addresses; empty when they do not."""
    by_source: dict[str, set[str]] = {}
    for home in residences:
        if home.current and home.type != "correspondence":
            by_source.setdefault(home.provenance.title, set()).add(home.address_id)
    if len(by_source) < 2 or set.intersection(*by_source.values()):
        return ""
    return f"Sources disagree about the current address: {listed(unique(by_source))} give different ones"


def _residence(row: Row, sources: Sources, on: date) -> Residence:
    start, end = day(row, "start"), day(row, "end")
    short, postcode = text(row, "text") or "Address not recorded", text(row, "postcode")
    kind = text(row, "type") or "home"
    return Residence(
        address_id=text(row, "address_id") or "",
        short=short,
        line=f"{short}, {postcode}" if postcode and postcode not in short else short,
        type=kind,
        kind=KINDS.get(kind, ""),
        communal=flag(row, "communal"),
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
