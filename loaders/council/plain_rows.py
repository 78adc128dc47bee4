"""Cells that several partner systems write in the same plain way: an address in one line, and spoilt copies of rows."""

from loaders.council.dice import Dice
from loaders.council.records import Record
from loaders.council.write_mosaic import one_line

_BAD_DATES = ("31/02/2015", "2014-13-07", "not known", "0000-00-00")


def home_line(record: Record, dice: Dice, uprn_missing: float, postcode_missing: float = 0.0) -> list[str]:
    """The address now in one line, its postcode and its property number; empty where nobody wrote it down."""
    here = next((home.dwelling for home in record.homes if home.end is None), None)
    if here is None:
        return ["", "", ""]
    postcode = "" if dice.chance(postcode_missing) else here.postcode
    return [one_line(here), postcode, "" if dice.chance(uprn_missing) else here.uprn]


def spoil_days(dice: Dice, rate: float, rows: list[list[object]], day: int) -> None:
    """Appends copies of random rows whose date is none: `rate` of the rows of a table without a number of its own."""
    for _ in range(int(len(rows) * rate)):
        row = list(rows[dice.whole(0, len(rows) - 1)])
        row[day] = dice.pick(_BAD_DATES)
        rows.append(row)
