"""Folders that are not as they should be: each is told in clear words, and nothing ends in a traceback."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from loaders.check import check
from loaders.commands import check_command
from tests.own_source import TOML, own_source
from tests.small_extracts import three_sources

ROOT = Path(__file__).parents[1]
PEOPLE = "mosaic/dm_persons.csv"

Spoil = Callable[[Path], object]


def replaced(name: str, make: Callable[[Path], object]) -> Spoil:
    """Something else in the place of a file or folder."""

    def spoil(extracts: Path) -> None:
        path = extracts / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        make(path)

    return spoil


def linked_to(target: str) -> Callable[[Path], object]:
    return lambda path: path.symlink_to(target)


SPOILT: dict[str, tuple[Spoil, str]] = {
    "a folder named like a file": (replaced(PEOPLE, Path.mkdir), f"{PEOPLE}: it is not a file. Replace it"),
    "a link that leads nowhere": (replaced(PEOPLE, linked_to("nowhere.csv")), f"{PEOPLE}: it is not a file"),
    "a link to itself": (replaced(PEOPLE, linked_to("dm_persons.csv")), f"{PEOPLE}: it is not a file"),
    "a pipe": (replaced(PEOPLE, os.mkfifo), f"{PEOPLE}: it is not a file"),
    "a device": (replaced(PEOPLE, linked_to("/dev/zero")), f"{PEOPLE}: it is not a file"),
    "a file named like a source": (replaced("mosaic", Path.touch), "mosaic is not a folder. Put the files"),
    "a source's folder that leads nowhere": (replaced("mosaic", linked_to("nowhere")), "mosaic is not a folder"),
    "a source's folder that leads to itself": (replaced("mosaic", linked_to("mosaic")), "mosaic is not a folder"),
    "a map that is a folder": (
        lambda extracts: (extracts / "mosaic" / "columns.toml").mkdir(),
        "columns.toml cannot be read",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("spoil", "reason"), SPOILT.values(), ids=SPOILT)
def test_what_is_wrong_with_a_folder_is_told_in_clear_words(tmp_path: Path, spoil: Spoil, reason: str) -> None:
    extracts = three_sources(tmp_path / "extracts")
    spoil(extracts)
    result = CliRunner().invoke(check_command, [str(extracts), "--json"])
    (problem,) = json.loads(result.stdout)["problems"]
    assert reason in f"{problem['source']}/{problem['file']}: {problem['message']}"
    assert (result.exit_code, "Traceback" in result.output) == (65, False)


def test_a_link_to_a_file_or_a_folder_is_what_it_leads_to(tmp_path: Path) -> None:
    extracts = three_sources(tmp_path / "extracts")
    before = check(extracts, tmp_path / "before")
    shutil.move(extracts / "mosaic", tmp_path / "elsewhere")
    (extracts / "mosaic").symlink_to(tmp_path / "elsewhere")
    shutil.move(extracts / "lcs" / "isperson.csv", tmp_path / "flags.csv")
    (extracts / "lcs" / "isperson.csv").symlink_to(tmp_path / "flags.csv")
    after = check(extracts, tmp_path / "after")
    assert not after.problems
    assert after.files == before.files


def test_folders_and_files_are_found_whatever_the_case_of_their_letters(tmp_path: Path) -> None:
    extracts = three_sources(tmp_path / "extracts")
    before = check(extracts, tmp_path / "before")
    shutil.move(extracts / "mosaic", extracts / "Mosaic")
    shutil.move(extracts / "lcs" / "DIM_PERSON.csv", extracts / "lcs" / "dim_person.CSV")
    after = check(extracts, tmp_path / "after")
    assert not after.problems
    assert after.files == before.files


def test_the_folder_of_a_source_may_not_hold_nothing_of_it(tmp_path: Path) -> None:
    own = own_source(tmp_path / "own", toml=TOML.replace("required = true\n", ""))
    extracts = three_sources(tmp_path / "extracts")
    (extracts / "family_hubs").mkdir()
    (extracts / "family_hubs" / "notes.docx").write_bytes(b"PK")
    (problem,) = check(extracts, tmp_path / "work", own_sources=own).problems
    assert str(problem) == (
        "family_hubs: its folder holds no file of this source. Expected: visitors. Add one or remove the folder."
    )


def test_a_folder_that_no_source_goes_by_is_told(tmp_path: Path) -> None:
    extracts = three_sources(tmp_path / "extracts")
    shutil.copytree(extracts / "mosaic", extracts / "moasic")
    (extracts / "truth").mkdir()
    result = check(extracts, tmp_path / "work")
    assert [(note.source, note.message) for note in result.notes if "folder ignored" in note.message] == [
        ("moasic", "folder ignored: no source has that name")
    ]


@pytest.fixture
def reachable() -> Iterator[Path]:
    """Extracts under a folder that any account may enter."""
    folder = Path(tempfile.mkdtemp(prefix="fnx-folders-"))
    folder.chmod(0o755)
    yield three_sources(folder / "extracts")
    for path in folder.rglob("*"):
        path.chmod(0o755)
    shutil.rmtree(folder)


AS_NOBODY = """
import os, sys
from click.testing import CliRunner
from loaders.commands import check_command

def check():
    return CliRunner().invoke(check_command, [sys.argv[1]])

check()  # everything is imported by an account that may
if os.geteuid() == 0:
    os.setgroups([])
    os.setuid(65534)
found = check()
print(found.output)
sys.exit(found.exit_code)
"""
"""A check by an account without rights; where the tests' own account has none, by that."""


def checked_by_nobody(extracts: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", AS_NOBODY, str(extracts)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("name", "code", "reason"),
    [
        (PEOPLE, 65, f"{PEOPLE}: this account may not read it. Allow it to"),
        ("mosaic", 65, "mosaic cannot be looked into: Permission denied. Allow this account to"),
        ("lcs/", 65, "lcs cannot be looked into: Permission denied. Allow this account to"),
        ("manifest.toml", 74, "manifest.toml cannot be read: Permission denied"),
        (".", 2, "extracts' is not readable"),
        ("mosaic/nothing.csv", 0, "can be published"),
    ],
)
def test_what_this_account_may_not_read_is_told_in_clear_words(
    reachable: Path, name: str, code: int, reason: str
) -> None:
    path = reachable / name
    if path.exists():
        path.chmod({".": 0o711, "lcs/": 0o744}.get(name, 0))
    found = checked_by_nobody(reachable)
    told = " ".join((found.stdout + found.stderr).split())
    assert (found.returncode, "Traceback" in told) == (code, False), told
    assert reason in told
