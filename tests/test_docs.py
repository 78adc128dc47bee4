"""What the documents claim is so: settings, commands, verbs, queries, schema, sources, links, generated pages."""

import re
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from app import create_app
from graph.settings import Settings
from tests.generated_docs import DOCS, PAGES, ROOT

PAGES_BY_HAND = [
    *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "DEVELOPERS.md", "GLOSSARY.md", "CHANGELOG.md")),
    *(path for path in sorted(DOCS.rglob("*.md")) if path.name not in PAGES),
]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DEVELOPERS = (ROOT / "DEVELOPERS.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
VERB = re.compile(r"^([a-z0-9-]+):", re.MULTILINE)
CLI = create_app().cli
CONTEXT = click.Context(CLI)
COMMANDS = set(CLI.list_commands(CONTEXT))


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def words(pattern: str, text: str) -> set[str]:
    return set(re.findall(pattern, text))


@pytest.mark.parametrize(("name", "page"), PAGES.items(), ids=list(PAGES))
def test_generated_page_is_up_to_date(name: str, page: Callable[[], str]) -> None:
    assert text_of(DOCS / name) == page(), f"docs/{name} is old: run `make docs`"


@pytest.mark.parametrize("path", PAGES_BY_HAND, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    links = words(r"\]\(([^)#]+)\)", text_of(path))
    local = {link for link in links if "://" not in link}
    assert {link for link in local if not (path.parent / link).exists()} == set()


def test_every_setting_named_exists() -> None:
    known = {f"FNX_{name.upper()}" for name in Settings.model_fields}
    named = {(path.name, name) for path in PAGES_BY_HAND for name in words(r"\bFNX_[A-Z_]+\b", text_of(path))}
    assert {(page, name) for page, name in named if name not in known} == set()


def test_every_setting_has_a_meaning() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_every_command_is_in_the_readme_and_the_other_way_round() -> None:
    assert words(r"(?m)(?:`|^)flask ([a-z]+)", README) == COMMANDS


def test_every_command_named_elsewhere_exists() -> None:
    named = {name for path in PAGES_BY_HAND for name in words(r"(?m)(?:`|^)flask ([a-z]+)", text_of(path))}
    assert named <= COMMANDS


def test_every_command_says_what_it_does() -> None:
    commands = {name: CLI.get_command(CONTEXT, name) for name in COMMANDS}
    assert [name for name, command in commands.items() if command is None or not command.help] == []


def test_every_verb_is_documented_and_the_other_way_round() -> None:
    verbs = set(VERB.findall(MAKEFILE))
    assert words(r"(?m)^\| `make ([a-z0-9-]+)`", DEVELOPERS) == verbs
    named = {name for path in PAGES_BY_HAND for name in words(r"`(?:FNX_\w+=\S+ )*make ([a-z0-9-]+)", text_of(path))}
    assert named <= verbs


def test_every_verb_says_what_it_does_in_one_line() -> None:
    assert words(r"(?m)^([a-z0-9-]+):.*## \S", MAKEFILE) == set(VERB.findall(MAKEFILE))


def test_the_readme_gives_the_two_commands_alone_on_a_line() -> None:
    blocks = re.findall(r"```\n(.*?)```", README, re.DOTALL)
    assert "make demo\n" in blocks
    assert "make test\n" in blocks


def test_continuous_integration_runs_what_the_readme_says() -> None:
    assert "\nmake test\n" in text_of(ROOT / ".ci" / "run")


def test_every_document_that_the_program_names_exists() -> None:
    named = {
        name
        for folder in ("graph", "queries", "loaders", "web")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for name in words(r"\bdocs/[\w/-]+\.md\b", text_of(path))
    }
    assert {name for name in named if not (ROOT / name).exists()} == set()


def test_no_two_decisions_share_a_number() -> None:
    numbers = [path.name[:4] for path in (DOCS / "adr").glob("*.md")]
    assert sorted(numbers) == [f"{number:04}" for number in range(len(numbers))]
