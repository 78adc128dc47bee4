"""A spell of a service with a person, in the one shape that every source gives it."""

from collections.abc import Mapping
from datetime import date

from loaders.context import Context, StandardRow
from loaders.relate import open_or_closed


def involvement(
    row_id: str,
    record_id: str,
    meaning: Mapping[str, str],
    days: tuple[date | None, date | None],
    context: Context,
    **said: object,
) -> StandardRow:
    """The standard row. `meaning` gives service_id and kind, `days` the first and last day; `said` replaces columns or
    adds them. Nobody leads or is allocated unless it says so.
    """
    return {
        "row_id": row_id,
        "record_id": record_id,
        "service_id": meaning["service_id"],
        "kind": meaning["kind"],
        "status": open_or_closed(days[1], context.as_at),
        "start": days[0],
        "end": days[1],
        "lead_professional": False,
        "allocated": False,
        **said,
    }
