"""`flask ask`: one question of the catalogue from the command line, answered as JSON lines.

It runs inside the application the command line has made, whose graphs and audit log it uses without knowing the web.
"""

import getpass
import json
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import click

from graph.bolt import Rows
from graph.classes import VisibilityClass
from graph.errors import ExplorerError, UsageError
from graph.live import BuildInfo, LiveGraphs
from queries.catalogue import ask, catalogue, named
from queries.header import NamedQuery
from queries.values import from_words

_LONGEST_SECONDS = 60.0
"""No question of the catalogue may run longer, whatever its own limit."""

_PEOPLE = ("person_id", "other_id", "from_id", "to_id")
"""Columns that name a person: whoever stands in one was shown."""


class AuditLog(Protocol):
    """Where it is written who asked what and who was shown."""

    def append(self, content: Mapping[str, Any]) -> object:
        """Return once the record is on disk. Raises StorageFailed where it cannot be written."""


class Application(Protocol):
    """The explorer as the command line made it."""

    extensions: Mapping[str, Any]


@click.command("ask")
@click.argument("name", required=False)
@click.option(
    "--param", "given", multiple=True, metavar="K=V", help="A parameter; lists with commas, flags true or false."
)
@click.option(
    "--class", "visibility", type=click.Choice([one.value for one in VisibilityClass]), default="standard",
    show_default=True, help="The visibility class whose graph is asked.",
)  # fmt: skip
@click.option("--as", "who", metavar="USER", help="Who is asking, for the audit log. Default: the login name.")
@click.option("--list", "listing", is_flag=True, help="List every question and what it takes.")
@click.pass_context
def ask_command(
    context: click.Context, name: str | None, given: tuple[str, ...], visibility: str, who: str | None, listing: bool
) -> None:
    """Answer the question NAME of the catalogue as JSON lines.

    What was asked and whom the answer names is written to the audit log first. Exit codes: 0 answered, 2 usage,
    69 engine down or too slow, 74 the audit log cannot be written.
    """
    try:
        if listing or not name:
            click.echo("\n".join(_listed()))
            return
        values = _values(named(name), given)
        rows = _answer(context.obj.load_app(), name, values, VisibilityClass(visibility), who or getpass.getuser())
    except ExplorerError as error:
        click.echo(error.message, err=True)
        raise SystemExit(error.exit_code) from None
    for row in rows:
        click.echo(json.dumps(row, default=str, ensure_ascii=False))
    if rows.truncated:
        click.echo(f"Only the first {len(rows)} rows are shown.", err=True)


def _answer(
    application: Application, name: str, values: Mapping[str, object], visibility: VisibilityClass, who: str
) -> Rows:
    """The rows, once the record of who was shown is on disk."""
    graphs: LiveGraphs = application.extensions["fnx"]
    log: AuditLog = application.extensions["fnx_audit"]()
    build = graphs.build()
    with graphs.engine(query_seconds=_LONGEST_SECONDS):
        rows = ask(graphs.reader(visibility, build), name, **values)
        graphs.close()
    log.append(_audited(name, values, rows, build, visibility, who))
    return rows


def _audited(
    name: str, values: Mapping[str, object], rows: Rows, build: BuildInfo | None, visibility: VisibilityClass, who: str
) -> dict[str, Any]:
    return {
        "who": who,
        "role": "command line",
        "class": visibility.value,
        "journey": "",
        "action": f"ask {name}",
        "asked": {
            key: value if isinstance(value, str) else json.dumps(value, default=str) for key, value in values.items()
        },
        "outcome": "answered",
        "people": list(dict.fromkeys(_people(rows))),
        "build": build.build if build else "",
    }


def _people(rows: Rows) -> Iterator[str]:
    for row in rows:
        columns = (*_PEOPLE, "node_id") if row.get("kind") == "people" else _PEOPLE
        yield from (str(row[column]) for column in columns if row.get(column))


def _values(query: NamedQuery, given: tuple[str, ...]) -> dict[str, object]:
    """The parameters typed, each as its type. Raises UsageError for one that is not `name=value` or not taken."""
    kinds = {one.name: one.kind for one in query.parameters}
    typed = dict(pair.partition("=")[::2] for pair in given)
    if any("=" not in pair for pair in given) or not typed.keys() <= kinds.keys():
        raise UsageError(f"Give the parameters of {query.name} as --param name=value: {', '.join(kinds) or 'none'}.")
    return {name: from_words(name, kinds[name], words) for name, words in typed.items()}


def _listed() -> Iterator[str]:
    for query in catalogue().values():
        taken = ", ".join(f"{one.name}: {one.kind}" for one in query.parameters)
        yield f"{query.name}({taken})\n    {query.title}. {query.purpose}"


commands: tuple[click.Command, ...] = (ask_command,)
