"""Numbers that a spreadsheet has shortened to an exponent, such as 1.23E+09: the identifier they were is lost.

Such a value is never loaded. In the list of people only the value goes, because losing the record would lose a
restriction; elsewhere the whole row does, because a fact must not change its person or its end.
"""

import re

from loaders.context import Context, Row, RowRejected
from loaders.source import FileSpec

SHORTENED = "a spreadsheet has shortened its numbers to a form such as 1.23E+09. Export those columns as text"

_FORM = re.compile(r"[+-]?\d+(?:[.,]\d+)?E\+\d+")
_REASON = "a number shortened by a spreadsheet: export the column as text"


def refuse_shortened(row: Row, spec: FileSpec, context: Context) -> None:
    """Take shortened numbers out of a row of people, and report them. Raises RowRejected for its id, and elsewhere."""
    found = [column for column, value in row.items() if _FORM.fullmatch(value)]
    if found:
        context.note(SHORTENED)
    for column in found:
        if column == spec.key or not spec.people:
            raise RowRejected(column, _REASON)
        context.drop(column, _REASON)
        row[column] = ""
