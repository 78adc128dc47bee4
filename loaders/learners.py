"""People of an education or youth system in plain columns: pupil and learner numbers, an adoption that hides the past.

What a source adds stands in its mapping.
"""

from collections.abc import Iterator

from loaders.context import Context, Row, StandardRow, flag
from loaders.plain import client, said_secure

Rows = Iterator[tuple[str, StandardRow]]


def learner(row: Row, record_id: str, context: Context, **said: object) -> Rows:
    """A person and where they live; `said` replaces columns of the person or adds them. Raises RowRejected.

    Columns are those of `loaders.plain`, and former_upn. `restricted` counts only where the source has such a column.
    Of a child adopted from care, former names and numbers are left out: they lead to the life before.
    """
    adopted = flag(row["adopted"]) is True
    plain = Row({**row, "alias_names": ""}) if adopted else row
    for table, found in client(plain, record_id, context, said_secure(row, context, "restricted")):
        if table == "person":
            former = None if adopted else context.upn(row, "former_upn")
            yield table, {**found, "former_upn": former, **said}
        else:
            yield table, found
    if adopted:
        context.note("children adopted from care: former names and numbers are left out")
