"""Extracts of a few people, written for one test at a time."""

import csv
import shutil
from collections.abc import Iterable
from pathlib import Path

FIXTURES = Path(__file__).parent.parent / "fixtures" / "sources"


def write_csv(path: Path, header: str, rows: Iterable[Iterable[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([header.split(","), *rows])


def people(path: Path, rows: Iterable[Iterable[object]]) -> None:
    write_csv(
        path,
        "PERSON_ID,FIRST_NAME,LAST_NAME,DATE_OF_BIRTH,GENDER,RESTRICTED,NHS_ID,UPN_ID",
        [([*row] + [""] * 8)[:8] for row in rows],
    )


def council(folder: Path, invented: bool = True) -> Path:
    folder.mkdir(parents=True)
    (folder / "manifest.toml").write_text(f"as_at = 2026-06-01\ninvented = {str(invented).lower()}\n")
    return folder


def three_sources(folder: Path) -> Path:
    """The small extracts of two case management systems and the school census, to be spoilt at will."""
    folder.mkdir(parents=True)
    shutil.copy(FIXTURES / "manifest.toml", folder)
    for source in ("lcs", "mosaic", "school_census"):
        shutil.copytree(FIXTURES / source, folder / source)
    return folder
