"""The query catalogue: every question the program may put to a graph, found in files, checked, and asked with limits.

Each is a `.cypher` file in a topic folder beside this module. A parameter has no default: a scope that was forgotten
must be an error, not a wider answer. `excluded` alone may be left out, and then excludes nobody.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Protocol

from graph.bolt import Rows
from graph.errors import UsageError
from queries.header import NamedQuery, parse
from queries.values import checked


class Reader(Protocol):
    """One class's graph as a user who may only read."""

    def rows(self, text: str, parameters: Mapping[str, object], *, seconds: float, rows: int) -> Rows:
        """The answer's first rows; `truncated` says there were more."""


EXCLUDED = "excluded"
"""The people who do not exist for this reader: every question takes them, and applies them before any step."""


@cache
def catalogue() -> Mapping[str, NamedQuery]:
    """Every named query, by name. Raises UsageError naming the file and the fault if one is unusable."""
    found: dict[str, NamedQuery] = {}
    for query in _found():
        if query.name in found:
            raise UsageError(f"Two queries are called {query.name}. Rename the file in {query.topic} or the other.")
        found[query.name] = query
    return MappingProxyType(dict(sorted(found.items())))


def _found() -> Iterator[NamedQuery]:
    for topic in sorted(files("queries").iterdir(), key=lambda folder: folder.name):
        if not topic.is_dir():
            continue
        for file in sorted(topic.iterdir(), key=lambda file: file.name):
            if file.name.endswith(".cypher"):
                yield parse(topic.name, file.name.removesuffix(".cypher"), file.read_text(encoding="utf-8"))


def named(name: str) -> NamedQuery:
    """The query of that name. Raises UsageError if there is none."""
    try:
        return catalogue()[name]
    except KeyError:
        raise UsageError("There is no query of that name. `flask ask --list` names them all.") from None


def ask(reader: Reader, name: str, /, **parameters: object) -> Rows:
    """The answer to a named question, in its stable order and within its limits.

    Raises UsageError for an unknown question and for unknown, missing or ill-typed parameters; QueryTimedOut,
    QueryRefused and EngineDown as the reader does.
    """
    query = named(name)
    said = {EXCLUDED: (), **parameters}
    _refuse_other_names(query, said)
    values = {one.name: checked(one.name, one.kind, said[one.name]) for one in query.parameters}
    # One row more than is handed back tells the reader that there were more, and lets the engine sort only the top.
    text = f"{query.text}\nLIMIT {query.rows + 1}"
    return reader.rows(text, values, seconds=query.seconds, rows=query.rows)


def _refuse_other_names(query: NamedQuery, parameters: Mapping[str, object]) -> None:
    wanted = {one.name for one in query.parameters}
    missing, unknown = sorted(wanted - parameters.keys()), len(parameters.keys() - wanted)
    if missing or unknown:
        also = f"; {unknown} given that it does not take" if unknown else ""
        raise UsageError(f"Query {query.name} takes {', '.join(sorted(wanted)) or 'nothing'}: "
                         f"{', '.join(missing) or 'none'} missing{also}.")  # fmt: skip
