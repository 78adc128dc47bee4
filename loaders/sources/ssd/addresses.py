"""Addresses of the Standard Safeguarding Dataset: a row is never lost because its JSON is broken."""

from collections.abc import Iterator, Mapping

from loaders.clean.addresses import address_type, compose, one_line
from loaders.context import Context, Row, StandardRow, place, text
from loaders.sources.ssd.address_json import read_address


def ssd_address(row: Row, context: Context) -> Iterator[tuple[str, StandardRow]]:
    """Where a client lives or lived. Hidden where the person is restricted, and where a placement is for adoption."""
    person = row["addr_person_id"]
    context.known(person, "addr_person_id")
    parts = read_address(row["addr_address_json"])
    start, end = context.span(row, "addr_address_start_date", "addr_address_end_date")
    kind = address_type(row["addr_address_type"])
    adoption = kind == "placement" and person in context.shelves["placed for adoption"]
    standard = {
        "record_id": person,
        **place(
            text(row["addr_address_json"]) if parts is None else written(parts),
            context.postcode(row, "addr_address_postcode"),
            context.uprn(Row(parts or {}), "UPRN"),
            "addr_address_json",
        ),
        "type": kind,
        "start": start,
        "end": end,
        "hidden": adoption or person in context.shelves["restricted"],
    }
    if parts is None and standard["text"]:
        context.note("addresses whose JSON cannot be read: kept as they are written")
    yield "address", standard


def written(parts: Mapping[str, str]) -> str | None:
    """The parts of an address as one line."""
    room = parts.get("ROOM", "")
    return one_line(
        f"Room {room}" if room.isdigit() else room,
        parts.get("FLOOR", ""),
        compose(
            flat=parts.get("FLAT", ""),
            building=parts.get("BUILDING", ""),
            number=parts.get("HOUSE", ""),
            street=parts.get("STREET", ""),
            town=parts.get("TOWN", ""),
        )
        or "",
    )
