"""One .cypher file read into a named query: its header, its text, and the faults that make it unusable.

A header is a block of `//` lines before the text:

    // title: ...                      one line
    // purpose: ...                    the question it answers, in plain words; may run on
    // parameters:                     or `parameters: none`
    //   name: type - meaning          type is text, texts, date, flag or number
    // columns: a, b, c                in the order of RETURN; may run on
    // rows: 100                       most rows handed back
    // seconds: 2                      longest it may run
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from graph.errors import UsageError
from graph.schema import Kind
from queries.cypher import columns_returned, parameters_used

_FIELD = re.compile(r"//\s?(title|purpose|parameters|columns|rows|seconds):\s*(.*)")
_MORE = re.compile(r"//\s{2,}(\S.*)")
_PARAMETER = re.compile(r"(\w+): (\w+) - (.+)")
_KINDS = tuple(kind.value for kind in Kind)
_FIELDS = ("title", "purpose", "parameters", "columns", "rows", "seconds")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing a query must be given."""

    name: str
    kind: Kind
    meaning: str


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A question of the catalogue. `rows` is the most it hands back, `seconds` the longest it may run."""

    name: str
    topic: str
    title: str
    purpose: str
    parameters: tuple[Parameter, ...]
    columns: tuple[str, ...]
    rows: int
    seconds: float
    text: str


def parse(topic: str, name: str, source: str) -> NamedQuery:
    """The query in that file. Raises UsageError naming the file and every fault in it."""
    lines = source.splitlines()
    head = [line for line in lines if line.startswith("//")]
    text = "\n".join(line for line in lines if not line.startswith("//")).strip()
    fields = _fields(head)
    faults = [f"no {field}" for field in _FIELDS if not fields.get(field)]
    parameters = tuple(_parameters(fields.get("parameters", []), faults))
    columns = tuple(" ".join(fields.get("columns", [])).replace(",", " ").split())
    faults += _differences("parameter", {one.name for one in parameters}, parameters_used(text))
    faults += _column_faults(columns, columns_returned(text))
    rows, seconds = (_positive(fields, field, faults) for field in ("rows", "seconds"))
    if faults:
        raise UsageError(f"queries/{topic}/{name}.cypher: {'; '.join(faults)}. Mend the header or the text.")
    title, purpose = (" ".join(fields[field]) for field in ("title", "purpose"))
    return NamedQuery(name, topic, title, purpose, parameters, columns, int(rows), seconds, text)


def _fields(head: list[str]) -> dict[str, list[str]]:
    """Each field's lines, in order."""
    fields: dict[str, list[str]] = {}
    current: list[str] = []
    for line in head:
        if opened := _FIELD.fullmatch(line):
            current = fields[opened[1]] = [opened[2].strip()] if opened[2].strip() else []
        elif more := _MORE.fullmatch(line):
            current.append(more[1].strip())
    return fields


def _parameters(lines: list[str], faults: list[str]) -> Iterator[Parameter]:
    for line in lines if lines != ["none"] else []:
        found = _PARAMETER.fullmatch(line)
        if found and found[2] in _KINDS:
            yield Parameter(found[1], Kind(found[2]), found[3])
        else:
            faults.append("a parameter line is not `name: type - meaning` with a type of " + ", ".join(_KINDS))


def _differences(what: str, declared: set[str], used: set[str]) -> list[str]:
    undeclared = [f"{what} {name} is used but not in the header" for name in sorted(used - declared)]
    return undeclared + [f"{what} {name} is in the header but not used" for name in sorted(declared - used)]


def _column_faults(declared: tuple[str, ...], returned: list[tuple[str, ...]]) -> list[str]:
    if not returned:
        return ["no RETURN at the end"]
    faults = [fault for one in returned for fault in _differences("column", set(declared), set(one))]
    return faults or ["columns stand in another order than in RETURN"] * any(one != declared for one in returned)


def _positive(fields: dict[str, list[str]], field: str, faults: list[str]) -> float:
    text = "".join(fields.get(field, []))
    if text.replace(".", "", 1).isdigit() and float(text) > 0:
        return float(text)
    if text:
        faults.append(f"{field} is not a number above zero")
    return 0.0
