"""What the people's file looks up: contacts, addresses of properties, tenancies. These files yield no rows themselves.

A tenancy's holdings are the properties it is or was of, each with its own days.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from loaders.clean.addresses import compose
from loaders.codes import code_table
from loaders.context import NO_KEY, Context, Row, RowRejected, StandardRow, text

Rows = Iterator[tuple[str, StandardRow]]

NO_TENANCY = NO_KEY | {"~NONE~"}
"""What stands for "no tenancy"; ~NONE~ is that of the NEC load."""

TYPES = Path(__file__).with_name("tenancy_types.csv")
_PARTY = "PAR"
_MOST_HOLDINGS = 6


class Place(NamedTuple):
    """A property's address; `open` while its usage has no last day."""

    text: str | None
    postcode: str | None
    uprn: str | None
    open: bool


class Holding(NamedTuple):
    """A property held under a tenancy, and when."""

    property: str
    start: date | None
    end: date | None


class Tenancy(NamedTuple):
    """A tenancy: when, of what kind, why it ended, and of which properties."""

    start: date | None
    end: date | None
    kind: str
    reason: str
    holdings: tuple[Holding, ...]


def contacts(row: Row, context: Context) -> Rows:
    """A telephone number or an e-mail address, kept until an officer or an organisation of that reference comes."""
    reference = row["LCDE_LEGACY_REF"]
    if reference in NO_KEY:
        raise RowRejected("LCDE_LEGACY_REF", "no reference")
    ended = context.needed_date(row, "LCDE_END_DATE")
    if ended is None or ended > context.as_at:
        kind = "email" if "@" in row["LCDE_CONTACT_VALUE"] else "phone"
        value = text(row["LCDE_CONTACT_VALUE"]) if kind == "email" else context.phone(row, "LCDE_CONTACT_VALUE")
        if value:
            context.shelves["contacts"].setdefault(reference, {}).setdefault(kind, value)
    yield from ()


def addresses(row: Row, context: Context) -> Rows:
    """The address of a property, or another address of a person (address usage PAR), kept for the people's file."""
    reference = row["LAUS_LEGACY_REF"]
    if reference in NO_KEY:
        raise RowRejected("LAUS_LEGACY_REF", "no reference")
    found = _place(row, context)
    if found[:3] == (None, None, None):
        raise RowRejected("LAEL_STREET", "the row names no place")
    if row["LAUS_AUT_FAO_CODE"].upper() == _PARTY:
        start, end = context.span(row, "LAUS_START_DATE", "LAUS_END_DATE")
        said: StandardRow = {**found._asdict(), "start": start, "end": end, "source_row": context.source_row}
        del said["open"]
        context.shelves["own addresses"].setdefault(reference, []).append(said)
        return
    earlier = context.shelves["places"].get(reference)
    if earlier is not None and earlier.open:
        raise RowRejected("LAUS_LEGACY_REF", "a current address of the same property stands on an earlier line")
    context.shelves["places"][reference] = found
    yield from ()


def _place(row: Row, context: Context) -> Place:
    written = compose(
        flat=row["LADR_FLAT"],
        building=row["LADR_BUILDING"],
        number=row["LADR_STREET_NUMBER"],
        street=row["LAEL_STREET"],
        town=row["LAEL_TOWN"],
    )
    ended = context.optional_date(row, "LAUS_END_DATE")
    current = ended is None or ended > context.as_at
    return Place(written, context.postcode(row, "LAEL_POSTCODE"), context.uprn(row, "LADR_UPRN"), current)


def tenancies(row: Row, context: Context) -> Rows:
    """A tenancy, kept for the people's file."""
    start, end = context.span(row, "ltcy_act_start_date", "ltcy_act_end_date")
    holdings = tuple(_holding(row, number, context) for number in range(1, _MOST_HOLDINGS + 1) if _held(row, number))
    if not holdings:
        raise RowRejected("ltcy_tho_propref1", "a tenancy of no property")
    kind, reason = row["ltcy_hrv_ttyp_code"].upper(), row["ltcy_hrv_ttr_code"].upper()
    if kind and kind not in code_table(TYPES):
        context.unknown_code("ltcy_hrv_ttyp_code", kind)
    context.shelves["tenancies"][row["ltcy_alt_ref"]] = Tenancy(start, end, kind, reason, holdings)
    yield from ()


def _held(row: Row, number: int) -> bool:
    return row[f"ltcy_tho_propref{number}"] not in NO_KEY


def _holding(row: Row, number: int, context: Context) -> Holding:
    start = context.optional_date(row, f"ltcy_tho_start_date{number}")
    end = context.needed_date(row, f"ltcy_tho_end_date{number}")
    if start is not None and end is not None and end < start:
        context.drop(f"ltcy_tho_start_date{number}", "ends before it starts")
        start = None
    return Holding(row[f"ltcy_tho_propref{number}"], start, end)
