"""Markdown for the generated pages of docs/. Knows nothing of what the pages say."""

from collections.abc import Iterable

MADE = "<!-- Made by `make docs` from {source}; do not edit. -->\n"


def cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")


def table(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    head = list(headings)
    lines: list[Iterable[object]] = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell(value) for value in line) + " |" for line in lines) + "\n"


def sentence(text: str) -> str:
    return text if text.endswith(("?", ".")) else f"{text}."


def anchor(heading: str) -> str:
    """Where a link to a heading leads, as code forges make it."""
    kept = "".join(sign for sign in heading.lower() if sign.isalnum() or sign in " -")
    return f"#{kept.replace(' ', '-')}"
