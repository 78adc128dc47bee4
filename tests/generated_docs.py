"""The pages of docs/ that are made from the code: settings, data dictionary, queries, sources.

`make docs` writes them; tests/test_docs.py fails while a page differs from what this module makes. It holds no facts
of its own: a wrong line is mended where the fact is.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from graph.schema import EDGES, NODES, PROVENANCE, SHIELDED_PERSON, EdgeKind, NodeKind, Property, Sensitivity
from graph.settings import Settings
from queries.catalogue import catalogue
from tests.generated_source_docs import sources_page, what_we_hold_page
from tests.markdown import MADE, sentence, table

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"

# --- Settings --------------------------------------------------------------------------------------------------------


def settings_page() -> str:
    """Every setting with its default and meaning."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = getattr(field.default, "get_secret_value", lambda value=field.default: value)()
        shown = "empty" if default == "" else f"`{int(default) if isinstance(default, bool) else default}`"
        rows.append((f"`FNX_{name.upper()}`", shown, field.description))
    return (
        MADE.format(source="graph/settings.py")
        + "\n# Settings\n\n"
        + "Read once, when a command starts, from the environment or from a `.env` file in the folder it starts in.\n"
        + "The environment wins. A wrong value stops the command; the message names the setting and not the value.\n\n"
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
        + "The graph holds nothing else. *Gives away* is what a property would tell about somebody: a `research`\n"
        + f"graph holds only properties marked `{Sensitivity.OPEN.value}`. Of a shielded person, the `standard` and\n"
        + f"`sensitive` graphs hold only {shielded}.\n\n"
        + "## Carried by every node and edge\n\n"
        + table(("property", "type", "gives away", "meaning"), property_rows(PROVENANCE))
        + "\n## Nodes\n"
        + "".join(nodes)
        + "\n## Edges\n"
        + "".join(edges)
    )


# --- Queries ---------------------------------------------------------------------------------------------------------


def queries_page() -> str:
    """Every question of the catalogue with its parameters and limits."""
    parts = []
    for name, query in catalogue().items():
        parameters = [(f"`{one.name}`", one.kind.value, one.meaning) for one in query.parameters]
        taken = table(("parameter", "type", "meaning"), parameters) if parameters else "Takes nothing.\n"
        parts.append(
            f"\n## {name}\n\n**{sentence(query.title)}** {query.purpose}\n\n{taken}\n"
            f"At most {query.rows} rows and {query.seconds:g} seconds. Answers with: {', '.join(query.columns)}.\n"
        )
    return (
        MADE.format(source="queries/*/*.cypher")
        + "\n# Queries\n\nEvery question the pages ask. `flask ask NAME --param k=v` runs one.\n"
        + "".join(parts)
    )


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "data-dictionary.md": data_dictionary_page,
    "queries.md": queries_page,
    "sources.md": sources_page,
    "what-we-hold.md": what_we_hold_page,
}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
