"""Mosaic addresses, in either of two shapes: dm_addresses with addresses_people beside it, or dm_addresses alone with a
PERSON_ID on every row.
"""

from collections.abc import Iterator
from typing import NamedTuple

from loaders.clean.addresses import address_type, compose, split_line
from loaders.context import NO_KEY, Context, Row, RowRejected, StandardRow, flag, place

Rows = Iterator[tuple[str, StandardRow]]


class Place(NamedTuple):
    """An address of dm_addresses, for addresses_people."""

    text: str | None
    postcode: str | None
    uprn: str | None


def dm_addresses(row: Row, context: Context) -> Rows:
    """An address, kept for addresses_people; or, in the shape that has PERSON_ID, a person's address outright."""
    found = _place(row, context)
    if "PERSON_ID" in row:
        context.known(row["PERSON_ID"], "PERSON_ID")
        yield "address", _address(row, row["PERSON_ID"], found, context)
        return
    address_id = row["ADDRESS_ID"]
    if address_id in NO_KEY:
        raise RowRejected("ADDRESS_ID", "no id")
    if address_id in context.shelves["places"]:
        raise RowRejected("ADDRESS_ID", "the same id stands on an earlier line")
    context.shelves["places"][address_id] = found


def _place(row: Row, context: Context) -> Place:
    line, tail = split_line(row["ADDRESS"])
    written = line or compose(
        flat=row["FLAT_NUMBER"],
        building=row["BUILDING"],
        number=row["STREET_NUMBER"],
        street=row["STREET"],
        town=row["TOWN"],
    )
    postcode = context.postcode(row, "POST_CODE") or context.postcode(Row(ADDRESS=tail or ""), "ADDRESS")
    return Place(written, postcode, context.uprn(row, "UPRN"))


def addresses_people(row: Row, context: Context) -> Rows:
    """Where a person lives or lived."""
    context.known(row["PERSON_ID"], "PERSON_ID")
    found = context.shelves["places"].get(row["ADDRESS_ID"])
    if found is None:
        raise RowRejected("ADDRESS_ID", "address not in dm_addresses")
    standard = _address(row, row["PERSON_ID"], found, context)
    if standard["hidden"] and standard["type"] == "placement":
        context.shelves["hidden placements"][row["PERSON_ID"]] = True
    yield "address", standard


def _address(row: Row, person: str, found: Place, context: Context) -> StandardRow:
    start, end = context.span(row, "START_DATE", "END_DATE")
    return {
        "record_id": person,
        **place(found.text, found.postcode, found.uprn, "ADDRESS_ID"),
        "type": _address_type(row),
        "start": start,
        "end": end,
        "hidden": bool(flag(row["HIDDEN"])),
        "updated_on": context.past_date(row, "UPDATED_ON"),
    }


def _address_type(row: Row) -> str:
    if flag(row["PLACEMENT"]):
        return "placement"
    kind = address_type(row["ADDRESS_TYPE"])
    return "home" if kind == "other" and flag(row["MAIN"]) else kind
