"""What a check found, for whoever reads it at two in the morning: the table of files, what is wrong and where, and at
the end, where the eye is, what stops the publish and the verdict. Prints what `report.as_json` says and nothing else.
"""

import io
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from rich.console import Console
from rich.table import Table

Plain = dict[str, Any]
WIDTH = 100
MOST_LINES = 10
"""Lines of a section of the short report."""

Line = tuple[int, str]
"""A count (0 where there is none) and what it counts."""


def as_text(plain: Plain, *, full: bool = False, width: int = WIDTH) -> str:
    """The plain report as text. `full` adds fill rates, every reason, every note and every source not connected."""
    out = io.StringIO()
    console = Console(file=out, width=width, highlight=False, markup=False, emoji=False, color_system=None)
    console.print(_files(plain))
    for heading, lines in _sections(plain, full):
        if lines:
            console.print(f"\n{heading}")
            shown = lines if full else lines[:MOST_LINES]
            for number, line in shown:
                _hang(console, line, width, f"{number:,}" if number else "")
            if len(lines) > len(shown):
                console.print(f"  and {len(lines) - len(shown):,} more: --full lists them")
    console.print()
    for problem in plain["problems"]:
        _hang(console, f"PROBLEM {where(problem)}{problem['message']}", width)
    for line in _verdict(plain):
        console.print(line)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def where(entry: Plain) -> str:
    """The source and file an entry is about, before what is said of it."""
    names = "/".join(filter(None, (entry["source"], entry["file"])))
    return f"{names}: " if names else ""


def day(text: str | None) -> str:
    """A day as people write it."""
    return f"{date.fromisoformat(text):%-d %b %Y}" if text else ""


def percent(part: int, whole: int) -> str:
    """A share, never rounded to a hundred where something is missing nor to nothing where something is there."""
    if not whole:
        return "-"
    share = 100 * part / whole
    if 99.9 < share < 100 or 0 < share < 0.1:
        return ">99.9 %" if share > 50 else "<0.1 %"
    return f"{share:.1f} %"


def share_of(share: float) -> str:
    """A share in whole percent: 100 % only where nothing is missing, 0 % only where nothing is there."""
    return ">99%" if 0.99 < share < 1 else "<1%" if 0 < share < 0.01 else f"{share:.0%}"


def _hang(console: Console, text: str, width: int, number: str = "") -> None:
    """A number and a line, whose further lines stand under the line."""
    margin = 9 if number else 2
    table = Table.grid(padding=0)
    table.add_column(width=margin - 2, justify="right")
    table.add_column(width=2)
    table.add_column(width=width - margin, overflow="fold")
    table.add_row(number, "", text)
    console.print(table)


def _files(plain: Plain) -> Table:
    """The table of files. A column in which nothing would stand is left out."""
    columns: dict[str, Callable[[Plain], str]] = {
        "rows": lambda entry: f"{entry['rows']:,}",
        "last time": lambda entry: _change(entry, plain["compared_with_last_time"]),
        "loaded": lambda entry: f"{entry['loaded']:,}",
        "quarantined": lambda entry: f"{entry['quarantined']:,}" if entry["quarantined"] else "",
        "newest": lambda entry: day(entry["newest"]),
    }
    files = plain["files"]
    shown = {name: said for name, said in columns.items() if any(map(said, files))}
    table = Table("file", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in shown:
        table.add_column(name, justify="right")
    source = ""
    for entry in files:
        if entry["source"] != source:
            source = entry["source"]
            table.add_row(source)
        table.add_row(f"  {entry['file']}", *(said(entry) for said in shown.values()))
    return table


def _change(entry: Plain, compared: bool) -> str:
    """How a file's rows stand to last time's."""
    before, rows = entry["rows_last_time"], entry["rows"]
    if not compared:
        return ""
    if before is None:
        return "new"
    if before == rows:
        return "the same"
    return f"{before:,} ({(rows - before) / before:+.0%})" if before else "0"


def _sections(plain: Plain, full: bool) -> Iterator[tuple[str, list[Line]]]:
    yield "Rows in quarantine, by reason", sorted(_reasons(plain, "reasons", "rows"), key=_most)
    yield "Codes that nobody knows, by rows", sorted(_codes(plain), key=_most)
    identifiers = sorted(_identifiers(plain), key=_most)
    yield "Identifiers that do not hold, by values left out", [line for line in identifiers if line[0]]
    if full:
        yield "Identifiers that all hold", [line for line in identifiers if not line[0]]
        yield "Values left out of rows that were loaded", sorted(_reasons(plain, "dropped", "values"), key=_most)
        yield "How full the columns are", list(_filled(plain))
    past = [(one["rows"], f"{one['source']}: {one['table']}") for one in plain["expired"]]
    yield "Past their time and not kept, by rows", sorted(past, key=_most)
    yield "Freshness", [(0, line) for line in _freshness(plain)]
    yield (
        "Worth knowing",
        sorted(((note["count"], where(note) + note["message"]) for note in plain["notes"]), key=_most),
    )
    yield "Not here", [(0, line) for line in _absent(plain)]
    refusals = plain["refused_by_last_time"]
    yield "Compared with last time, a refresh will refuse", [(0, where(one) + one["message"]) for one in refusals]


def _most(line: Line) -> int:
    return -line[0]


def _reasons(plain: Plain, key: str, unit: str) -> Iterator[Line]:
    for entry in plain["files"]:
        for each in entry[key]:
            column = f"{each['column']}: " if each["column"] else ""
            yield each[unit], f"{where(entry)}{column}{each['reason']}"


def _codes(plain: Plain) -> Iterator[Line]:
    for entry in plain["files"]:
        for each in entry["unknown_codes"]:
            shown = [f"{code['code']} ({code['rows']:,})" for code in each["shown"]]
            hidden = each["codes"] - len(shown)
            told = ", ".join([*shown, *([f"{hidden:,} not shown"] if hidden else [])])
            yield each["rows"], f"{where(entry)}{each['column']}: {_count(each['codes'], 'code')}: {told}"


def _identifiers(plain: Plain) -> Iterator[Line]:
    for entry in plain["files"]:
        for each in entry["identifiers"]:
            why = "; ".join(f"{one['reason']} ({one['values']:,})" for one in each["dropped"])
            yield (
                sum(one["values"] for one in each["dropped"]),
                f"{where(entry)}{each['column']} ({each['kind']}): filled {percent(each['filled'], entry['rows'])}, "
                f"valid {percent(each['valid'], each['filled'])}{'; ' + why if why else ''}",
            )


def _filled(plain: Plain) -> Iterator[Line]:
    for entry in plain["files"]:
        shares = [(each["column"], each["share"]) for each in entry["filled"] if each["share"] is not None]
        if shares:
            yield 0, where(entry) + ", ".join(f"{column} {share_of(share)}" for column, share in shares)


def _freshness(plain: Plain) -> Iterator[str]:
    for state in plain["sources"]:
        if state["late"]:
            yield (
                f"{state['source']}: arrives {state['frequency']}, and this extract is "
                f"{_count(plain['age_days'], 'day')} old"
            )
        if state["quiet"]:
            yield (
                f"{state['source']}: arrives {state['frequency']}, and its newest row is of {day(state['newest'])}: "
                "ask whether it was taken from an old copy"
            )


def _absent(plain: Plain) -> Iterator[str]:
    absent = [state for state in plain["sources"] if not state["connected"]]
    for heading, off in (("Not connected", False), ("Switched off", True)):
        names = [state["title"] for state in absent if state["switched_off"] is off]
        if names:
            yield f"{heading}: {', '.join(names)}"


def _verdict(plain: Plain) -> Iterator[str]:
    files = plain["files"]
    total: Callable[[str], int] = lambda key: sum(entry[key] for entry in files)  # noqa: E731 - a word for one line
    left_out = sum(each["values"] for entry in files for each in entry["dropped"])
    age = f", {_count(plain['age_days'], 'day')} ago" if plain["age_days"] else ""
    verdict = "can be published" if plain["can_be_published"] else "may not be published"
    yield (
        f"{_count(len(files), 'file')}: {total('rows'):,} rows, {total('loaded'):,} loaded, "
        f"{total('quarantined'):,} rows in quarantine, {left_out:,} values left out."
    )
    yield f"Extracts as at {date.fromisoformat(plain['as_at']):%-d %B %Y}{age}: {verdict}."


def _count(number: int, unit: str) -> str:
    return f"{number:,} {unit}{'' if number == 1 else 's'}"
