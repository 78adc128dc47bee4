"""The pages made from the sources say everything a source says, and every source says everything that is asked."""

from dataclasses import fields
from pathlib import Path

import pytest

from graph.errors import DataRefused
from loaders.source import Keep, Legal, discover
from tests.generated_source_docs import kept, service, sources_page, what_we_hold_page
from tests.markdown import anchor, cell
from tests.test_how_to import FILES

SOURCES = discover()
HELD, LAYOUT = what_we_hold_page(), sources_page()


@pytest.mark.parametrize("name", SOURCES)
def test_what_we_hold_says_everything_a_source_says(name: str) -> None:
    source = SOURCES[name]
    section = HELD.split(f"\n## {source.title}\n")[1].split("\n## ")[0]
    said = [getattr(source.legal, part.name) for part in fields(Legal)]
    said += [
        source.owner,
        source.lawful_basis,
        source.coverage,
        source.frequency,
        source.sensitivity,
        kept(source.keep),
    ]
    said += map(service, source.services)
    said += [
        f"`{spec.name}.{column}`" for spec in source.files for column in (*spec.never_read, *spec.restriction_columns)
    ]
    assert [text for text in said if cell(text) not in section] == []
    assert f"[{source.title}]({anchor(source.title)})" in HELD


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_says_why_and_on_what_ground(name: str) -> None:
    legal = SOURCES[name].legal
    assert [part.name for part in fields(Legal) if len(getattr(legal, part.name).split()) < 2] == []


@pytest.mark.parametrize("name", SOURCES)
def test_every_column_is_in_the_layout_with_its_mark(name: str) -> None:
    section = LAYOUT.split(f"\n## {SOURCES[name].title}\n")[1].split("\n## ")[0]
    for spec in SOURCES[name].files:
        part = section.split(f"\n### {spec.filename}\n")[1].split("\n### ")[0]
        for column in spec.columns:
            assert any(line.startswith(f"| `{column}` |") and line.endswith(f"| {spec.marks[column]} |")
                       for line in part.splitlines()), column  # fmt: skip
        assert [column for column in spec.never_read if f"| `{column}` | never read |" not in part] == []


@pytest.mark.parametrize("name", SOURCES)
def test_every_mark_is_one_of_three(name: str) -> None:
    marks = {mark for spec in SOURCES[name].files for mark in spec.marks.values()}
    assert marks <= {"SPEC", "SEEN", "ASSUMPTION"}


def test_no_two_sources_share_a_title() -> None:
    titles = [source.title for source in SOURCES.values()]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(
    ("line", "wrong", "says"),
    [
        ("ended_years = 3", 'ended_years = "three"', "ended_years must be whole years"),
        ("ended_years = 3", "ended_years = -1", "ended_years must be whole years"),
        ("age_to = 25", "age_to = true", "age_to must be whole years"),
        ("age_to = 25", "age_to = 4", "age_from is above age_to"),
        ("age_to = 25", "age_until = 4", "age_until"),
        ('gateway = "', 'gateway = "" #', "gateway must be words"),
        ('gateway = "', 'agreement = "', "overwrite"),
        ('gateway = "', '# gateway = "', "gateway"),
    ],
)
def test_a_source_that_does_not_say_why_or_how_long_is_refused(
    line: str, wrong: str, says: str, tmp_path: Path
) -> None:
    folder = tmp_path / "young_carers"
    folder.mkdir()
    (folder / "mapping.py").write_text(FILES["young_carers/mapping.py"], encoding="utf-8")
    (folder / "source.toml").write_text(FILES["young_carers/source.toml"].replace(line, wrong, 1), encoding="utf-8")
    with pytest.raises(DataRefused, match=says):
        discover(tmp_path)


@pytest.mark.parametrize(
    ("keep", "words"),
    [
        (Keep(), "as long as the source sends it"),
        (Keep(age_from=0, age_to=25), "people of 0 to 25"),
        (Keep(age_to=18), "people up to 18"),
        (Keep(age_from=15), "people from 15"),
        (Keep(ended_years=1), "what ended, for 1 year"),
        (Keep(age_from=10, age_to=25, ended_years=5), "people of 10 to 25; what ended, for 5 years"),
    ],
)
def test_how_long_in_words(keep: Keep, words: str) -> None:
    assert kept(keep) == words
