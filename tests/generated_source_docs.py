"""The pages of docs/ that are made from every `source.toml`: what we hold and why, and the layout of each file.

`tests/generated_docs.py` writes them with the others. A wrong line is mended in the source's own description.
"""

from collections import Counter
from collections.abc import Iterator

from graph.classes import VisibilityClass
from loaders.source import FileSpec, Keep, Service, Source, discover
from tests.markdown import MADE, anchor, sentence, table

IDENTIFIERS = {
    "nhs_number": "NHS number",
    "upn": "unique pupil number",
    "former_upn": "former unique pupil number",
    "uln": "unique learner number",
    "llid": "Liquidlogic id",
    "pnc": "Police National Computer id",
    "uprn": "unique property reference number",
}


# --- What we hold ----------------------------------------------------------------------------------------------------


def what_we_hold_page() -> str:
    """Every source: what it holds, from whom, why, on what ground, how often, how long, and who may see it."""
    sources = discover().values()
    summary = [
        (
            f"[{one.title}]({anchor(one.title)})",
            one.owner,
            one.frequency,
            kept(one.keep),
            seen_by(one),
            one.gate or "no",
        )
        for one in sources
    ]
    return (
        MADE.format(source="loaders/sources/*/source.toml")
        + "\n# What we hold, and why\n\n"
        + "For the council's information governance, and for anybody who asks what is held about them. Every line\n"
        + "is taken from the description the program itself obeys: nothing else is loaded, and what has aged out or\n"
        + "ended too long ago is left out at every refresh. A council with other agreements edits `source.toml` and\n"
        + "makes this page again. The columns of every file are in [sources.md](sources.md); what the graph keeps of\n"
        + "them is in the [data dictionary](data-dictionary.md).\n\n"
        + "The program keeps no copy of a source: each refresh replaces the graph, and the last few builds are kept\n"
        + "for going back. *Gate*: the source is read only where `FNX_GATES` names it. *Seen by*: the classes of\n"
        + "readers whose graphs may hold anything of it; the research graph holds no names, addresses, contacts or\n"
        + "identifiers.\n\n"
        + table(("source", "from", "arrives", "kept", "seen by", "gate"), summary)
        + "".join(map(held_section, sources))
    )


def held_section(source: Source) -> str:
    facts = [
        ("Holds", sentence("; ".join(spec.title for spec in source.files))),
        ("About", source.coverage),
        ("Identifiers", identifiers(source)),
        ("Services it tells of", services(source)),
        ("From", source.owner),
        ("Why", source.legal.purpose),
        ("Lawful basis", source.lawful_basis),
        ("Legal gateway", source.legal.gateway),
        ("Agreement", source.legal.agreement),
        ("Impact assessment", source.legal.impact_assessment),
        ("Privacy notice", source.legal.privacy_notice),
        ("May be shared onward", source.legal.onward_sharing),
        ("Arrives", arrives(source)),
        ("Kept", kept(source.keep)),
        ("Sensitivity", source.sensitivity),
        ("Who may see it", f"Readers of the classes {seen_by(source)}"),
        ("Gate", gate(source)),
        ("Restrictions", restrictions(source)),
        ("Never read", ", ".join(f"`{name}`" for name in never_read(source)) or "Nothing is held back by name"),
        ("Columns known from", marks(source)),
    ]
    return f"\n## {source.title}\n\n" + table(("", ""), facts)


def kept(keep: Keep) -> str:
    """How long, in words: the same rules that the refresh applies."""
    said = []
    if keep.age_from is not None or keep.age_to is not None:
        said.append(f"people {ages(keep.age_from, keep.age_to)}")
    if keep.ended_years is not None:
        said.append(f"what ended, for {years(keep.ended_years)}")
    return "; ".join(said) or "as long as the source sends it"


def ages(first: int | None, last: int | None) -> str:
    if first is None:
        return f"up to {last}"
    return f"from {first}" if last is None else f"of {first} to {last}"


def years(number: int) -> str:
    return f"{number} year{'' if number == 1 else 's'}"


def services(source: Source) -> str:
    return "; ".join(map(service, source.services)) or "none"


def service(one: Service) -> str:
    limits = f" ({ages(one.age_from, one.age_to)})" if (one.age_from, one.age_to) != (None, None) else ""
    return f"{one.title}{limits}{', sensitive' if one.sensitive else ''}"


def identifiers(source: Source) -> str:
    return ", ".join(IDENTIFIERS.get(name, name) for name in source.identifiers) or "none"


def arrives(source: Source) -> str:
    days = f"{source.frequency_days} day{'' if source.frequency_days == 1 else 's'}"
    return f"{source.frequency}; late after {days}"


def seen_by(source: Source) -> str:
    return ", ".join(visibility.value for visibility in VisibilityClass if visibility in source.classes)


def gate(source: Source) -> str:
    return (
        f"`{source.gate}`: read only where FNX_GATES names it" if source.gate else "None: read wherever it is supplied"
    )


def restrictions(source: Source) -> str:
    columns = [f"`{spec.name}.{column}`" for spec in source.files for column in spec.restriction_columns]
    return f"Whoever it restricts is shielded everywhere: {', '.join(columns)}" if columns else "It restricts nobody"


def never_read(source: Source) -> list[str]:
    return list(dict.fromkeys(f"{spec.name}.{column}" for spec in source.files for column in spec.never_read))


def marks(source: Source) -> str:
    counts = Counter(mark for spec in source.files for mark in spec.marks.values())
    words = {"SPEC": "a published layout", "SEEN": "public code", "ASSUMPTION": "our assumption, behind a column map"}
    return "; ".join(f"{counts[mark]} from {where}" for mark, where in words.items() if counts[mark])


# --- Sources ---------------------------------------------------------------------------------------------------------


def sources_page() -> str:
    """Every source with the columns its files must and may have."""
    return (
        MADE.format(source="loaders/sources/*/source.toml")
        + "\n# Sources\n\n"
        + "Extracts stand in one folder: `manifest.toml` with `as_at` (the day they describe) and `invented` (true\n"
        + "only for invented people), and a folder per source with its files: CSV with a row of headings, as UTF-8,\n"
        + "UTF-16 or Windows-1252, with commas, semicolons or tabs, zipped or not, or Excel workbooks. Columns are\n"
        + "found by name, in any case and order; others are left alone. A council whose files, columns or codes have\n"
        + "other names writes a [column map](adding-a-source.md#another-name-for-a-file-a-column-or-a-code).\n\n"
        + "*Known from* says where a column's name comes from: SPEC, a published layout; SEEN, a public program;\n"
        + "ASSUMPTION, our own. Why each source is held is in [what-we-hold.md](what-we-hold.md).\n"
        + "".join(map(source_section, discover().values()))
    )


def source_section(source: Source) -> str:
    facts = [
        ("folder", f"`{source.name}/`"),
        ("owner", source.owner),
        ("arrives", arrives(source)),
        ("identifiers", identifiers(source)),
        ("services", services(source)),
        ("gate", gate(source)),
    ]
    return f"\n## {source.title}\n\n" + table(("", ""), facts) + "".join(map(file_section, source.files))


def file_section(spec: FileSpec) -> str:
    return f"\n### {spec.filename}\n\n{' '.join(about_file(spec))}\n\n" + table(
        ("column", "", "known from"), column_rows(spec)
    )


def about_file(spec: FileSpec) -> Iterator[str]:
    yield sentence(spec.title)
    yield "Required." if spec.required else "Optional."
    if spec.people:
        yield "Lists the people."
    if spec.key:
        yield f"One row per `{spec.key}`."
    if spec.min_rows == 0:
        yield "May be empty."


def column_rows(spec: FileSpec) -> Iterator[tuple[str, str, str]]:
    for column in spec.columns:
        said = ["must be there" if column in spec.expected else "may be there"]
        said += ["a code"] if column in spec.codes else []
        said += ["restricts"] if column in spec.restriction_columns else []
        yield f"`{column}`", ", ".join(said), spec.marks.get(column, "")
    for column in spec.never_read:
        yield f"`{column}`", "never read", ""
