"""Rows that a loader must put aside: an impossible date, an empty name, an id that belongs to nobody."""

from loaders.council.dice import Dice

_BAD_DATES = ("31/02/2015", "2014-13-07", "not known", "0000-00-00")


def with_bad_rows(
    dice: Dice, rate: float, rows: list[list[object]], names: tuple[int, ...], day: int, person: int = 0
) -> list[tuple[int, str]]:
    """Appends spoilt copies of random rows, each under a new id: `rate` of the rows, none in a small file.

    `names` are the columns emptied, `day` the column with a date, `person` the column of a person's id where that is
    not the row's own id. Returns, for each spoilt copy, the place of the row it copies and its new id.
    """
    spoilt: list[tuple[int, str]] = []
    highest = max((int(str(row[0])) for row in rows), default=0)
    for count in range(1, int(len(rows) * rate) + 1):
        at = dice.whole(0, len(rows) - 1)
        row = list(rows[at])
        row[0] = highest + 10 * count
        if names and count % 2:
            for column in names:
                row[column] = ""
        elif person and count % 2:
            row[person] = 99_000_000 + count
        else:
            row[day] = dice.pick(_BAD_DATES)
        rows.append(row)
        spoilt.append((at, str(row[0])))
    return spoilt
