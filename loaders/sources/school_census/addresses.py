"""Where a pupil lives, or lived when they left, as the school knows it."""

from collections.abc import Iterator

from loaders.clean.addresses import compose, one_line
from loaders.context import Context, Row, StandardRow, place
from loaders.sources.school_census.head import leaver

Rows = Iterator[tuple[str, StandardRow]]


def addresses(row: Row, context: Context) -> Rows:
    """An address of a pupil on roll (spring and summer census)."""
    yield from _address(row, row["pupilonrolltableid"], "pupilonrolltableid", context)


def addressesonroll(row: Row, context: Context) -> Rows:
    """An address of a pupil on roll (autumn census)."""
    yield from _address(row, row["pupilonrolltableid"], "pupilonrolltableid", context)


def addressesoffroll(row: Row, context: Context) -> Rows:
    """Postcode and property of a pupil who has left (autumn census)."""
    yield from _address(row, leaver(row), "pupilnolongeronrolltableid", context)


def _address(row: Row, person: str, column: str, context: Context) -> Rows:
    context.known(person, column)
    start, end = context.span(row, "startdate", "enddate")
    postcode, uprn = context.postcode(row, "postcode"), context.uprn(row, "uniquepropertyreferencenumber")
    standard: StandardRow = {
        "record_id": person,
        **place(_written(row), postcode, uprn, "street" if "street" in row else "postcode"),
        "type": "home",
        "start": start,
        "end": end,
        "hidden": False,
    }
    yield "address", standard


def _written(row: Row) -> str | None:
    """BS 7666 parts where there are any, else the free lines. SAON is the flat, PAON the house or its number."""
    paon, street = row["paon"], row["street"]
    numbered = paon[:1].isdigit()
    parts = compose(
        flat=row["saon"],
        building="" if numbered else paon,
        number=paon if numbered else "",
        street=street,
        town=row["town"] or row["posttown"],
    )
    return parts if street or paon else one_line(*(row[f"addressline{number}"] for number in range(1, 6)))
