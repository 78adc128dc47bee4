"""The pages of docs/ that are made from the code: settings, data dictionary, queries and sources.

`make docs` writes them; tests/test_docs.py fails while a page differs from what this module makes. It holds no facts
of its own: a wrong line is mended where the fact is.
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from graph.schema import EDGES, NODES, PROVENANCE, SHIELDED_PERSON, EdgeKind, NodeKind, Property, Sensitivity
from graph.settings import Settings
from queries.catalogue import catalogue

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
MADE = "<!-- Made by `make docs` from {source}; do not edit. -->\n"


def cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")


def table(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    lines = [list(headings), *(list(row) for row in rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join("| " + " | ".join(map(cell, line)) + " |" for line in lines) + "\n"


# --- Settings --------------------------------------------------------------------------------------------------------


def settings_page() -> str:
    """Every setting with its default and meaning."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = getattr(field.default, "get_secret_value", lambda value=field.default: value)()
        shown = f"`{default}`" if default != "" else "empty"
        rows.append((f"`FNX_{name.upper()}`", shown, field.description))
    return (
        MADE.format(source="graph/settings.py")
        + "\n# Settings\n\n"
        + "Read once, when a command starts, from the environment or from a `.env` file in the folder it starts in. The\n"
        + "environment wins. A wrong value stops the command with a message that names the setting and not the value.\n\n"
        + table(("setting", "default", "meaning"), rows)
    )


# --- Data dictionary -------------------------------------------------------------------------------------------------


def property_rows(properties: Iterable[Property]) -> Iterator[tuple[str, str, str, str]]:
    for each in properties:
        yield f"`{each.name}`", each.kind.value, each.sensitivity.value, each.description


def kind_section(heading: str, kind: NodeKind | EdgeKind, note: str) -> str:
    columns = ("property", "type", "gives away", "meaning")
    own = table(columns, property_rows(kind.properties)) if kind.properties else "No properties of its own.\n"
    return f"\n### {heading}\n\n{kind.description} {note}\n\n{own}"


def data_dictionary_page() -> str:
    """Every kind of node and edge the graph may hold, property by property."""
    nodes = [kind_section(kind.label, kind, f"Key: `{kind.key}`.") for kind in NODES]
    ends = {kind.type: "; ".join(f"{start} to {end}" for start, end in kind.ends) for kind in EDGES}
    edges = [kind_section(kind.type, kind, f"{ends[kind.type]}.") for kind in EDGES]
    shielded = ", ".join(f"`{name}`" for name in sorted(SHIELDED_PERSON))
    return (
        MADE.format(source="graph/schema.py")
        + "\n# Data dictionary\n\n"
        + f"The graph holds nothing else. *Gives away* is what a property would tell about somebody: a `research` graph\n"
        f"holds only properties marked `{Sensitivity.OPEN.value}`. Of a shielded person, the `standard` and `sensitive`\n"
        f"graphs hold only {shielded}.\n\n"
        + "## Carried by every node and edge\n\n"
        + table(("property", "type", "gives away", "meaning"), property_rows(PROVENANCE))
        + "\n## Nodes\n"
        + "".join(nodes)
        + "\n## Edges\n"
        + "".join(edges)
    )


# --- Queries and sources ---------------------------------------------------------------------------------------------


def queries_page() -> str:
    """Every question of the catalogue with its parameters and limits."""
    rows = [
        (
            f"`{name}`",
            query.purpose,
            ", ".join(f"`{parameter}`: {kind}" for parameter, kind in query.parameters.items()) or "none",
            query.rows,
            query.seconds,
        )
        for name, query in sorted(catalogue().items())
    ]
    return (
        MADE.format(source="queries/*.cypher")
        + "\n# Queries\n\nEvery question the pages ask. `flask ask NAME --param k=v` runs one.\n\n"
        + table(("name", "answers", "parameters", "rows at most", "seconds at most"), rows)
    )


def sources_page() -> str:
    """Every source with its owner, its rhythm and the columns its files must and may have."""
    parts = []
    for path in sorted((ROOT / "loaders" / "sources").glob("*/source.toml")):
        source = tomllib.loads(path.read_text(encoding="utf-8"))
        parts.append(f"\n## {source['title']}\n\n`{path.parent.name}/`\n")
    return MADE.format(source="loaders/sources/*/source.toml") + "\n# Sources\n" + "".join(parts)


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "data-dictionary.md": data_dictionary_page,
    "queries.md": queries_page,
    "sources.md": sources_page,
}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
