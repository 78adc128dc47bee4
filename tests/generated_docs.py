"""The pages of docs/ that are made from the code: settings, data dictionary, queries and sources.

`make docs` writes them; tests/test_docs.py fails while a page differs from what this module makes. It holds no facts
of its own: a wrong line is mended where the fact is.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from graph.schema import EDGES, NODES, PROVENANCE, SHIELDED_PERSON, EdgeKind, NodeKind, Property, Sensitivity
from graph.settings import Settings
from loaders.source import FileSpec, Source, discover
from queries.catalogue import catalogue

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
MADE = "<!-- Made by `make docs` from {source}; do not edit. -->\n"


def cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")


def table(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    head = list(headings)
    lines: list[Iterable[object]] = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell(value) for value in line) + " |" for line in lines) + "\n"


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


# --- Queries and sources ---------------------------------------------------------------------------------------------


def sentence(text: str) -> str:
    return text if text.endswith(("?", ".")) else f"{text}."


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


def file_section(spec: FileSpec) -> str:
    need = "Required" if spec.required else "Optional"
    rows = [
        (f"`{column}`", "must be there" if column in spec.expected else "may be there", spec.marks.get(column, ""))
        for column in spec.columns
    ]
    rows += [(f"`{column}`", "never read", "") for column in spec.never_read]
    return f"\n### {spec.filename}\n\n{spec.title}. {need}.\n\n" + table(("column", "", "known from"), rows)


def source_section(source: Source) -> str:
    facts = [
        ("folder", f"`{source.name}/`"),
        ("owner", source.owner),
        ("arrives", f"{source.frequency} (every {source.frequency_days} days)"),
        ("covers", source.coverage),
        ("lawful basis", source.lawful_basis),
        ("sensitivity", source.sensitivity),
        ("identifiers", ", ".join(source.identifiers) or "none"),
        ("services", ", ".join(service.title for service in source.services) or "none"),
    ]
    return f"\n## {source.title}\n\n" + table(("", ""), facts) + "".join(map(file_section, source.files))


def sources_page() -> str:
    """Every source with its owner, its rhythm and the columns its files must and may have."""
    return (
        MADE.format(source="loaders/sources/*/source.toml")
        + "\n# Sources\n\n"
        + "Extracts stand in one folder: `manifest.toml` with `as_at` (the day they describe) and `invented` (true\n"
        + "only for invented people), and a folder per source with its files, as UTF-8 CSV with a row of headings.\n"
        + "Columns are found by name, in any case and order; others are left alone. *Known from* says where a\n"
        + "column's name comes from: a published layout, a public program, or our assumption.\n"
        + "".join(map(source_section, discover().values()))
    )


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "data-dictionary.md": data_dictionary_page,
    "queries.md": queries_page,
    "sources.md": sources_page,
}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
