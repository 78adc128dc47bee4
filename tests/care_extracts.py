"""Small extracts of a social care system, written for one test at a time and checked with the real loader.

A test names only the columns it cares about. People are written for every id a test names, nobody of them restricted.
"""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from loaders.check import check
from loaders.source import HERE, discover
from tests.small_extracts import council, write_csv
from tests.ssd_extracts import Loaded

Rows = Sequence[Mapping[str, object]]


def mosaic(person_id: str, born: str = "2015-05-05", **more: object) -> dict[str, object]:
    """A line of dm_persons."""
    return {
        "PERSON_ID": person_id, "FIRST_NAME": f"Ana{person_id}", "LAST_NAME": "Testford", "DATE_OF_BIRTH": born,
        "GENDER": "F", "RESTRICTED": "N", **more,
    }  # fmt: skip


def lcs(person_id: str, born: str = "2015-05-05", **more: object) -> dict[str, object]:
    """A line of DIM_PERSON."""
    return {
        "DIM_PERSON_ID": person_id, "FORENAME": f"Ana{person_id}", "SURNAME": "Testford", "GENDER_MAIN_CODE": "F",
        "BIRTH_DTTM": born, "DOB_ESTIMATED": "N", **more,
    }  # fmt: skip


def unflagged(*ids: str, **more: object) -> Rows:
    """A line of isperson for each id, nobody of them restricted."""
    return [{"PersonID": one, "Secure": "N", "IsHidden": "N", "HideAllAddresses": "N", **more} for one in ids]


def write(folder: Path, source: str, files: Mapping[str, Rows]) -> Path:
    """The extract of those files. A column that no row names is left out, unless the source expects it."""
    extracts = council(folder / "extracts")
    for spec in (spec for spec in discover()[source].files if spec.name in files):
        rows = files[spec.name]
        named = {column for row in rows for column in row}
        columns = [one for one in (*spec.columns, *spec.never_read) if one in named or one in spec.expected]
        assert named <= set(columns), named - set(columns)
        lines = [[row.get(column, "") for column in columns] for row in rows]
        write_csv(extracts / source / f"{spec.name}.csv", ",".join(columns), lines)
    return extracts


def load(folder: Path, source: str, **files: Rows) -> Loaded:
    """The checked extract, which must be fit to publish."""
    return checked(write(folder, source, files), folder)


def load_lcs(folder: Path, **files: Rows) -> Loaded:
    """LCS: a mother and her child (8001, 8002) stand for the relationships a test does not name, and everybody is
    unrestricted unless the test sends its own isperson.
    """
    people = [*files.pop("DIM_PERSON", ()), lcs("8001", "1985-01-01"), lcs("8002")]
    kin = {"FACT_PERSON_RELATION_ID": 8000, "DIM_PERSON_ID": "8001", "DIM_RELATED_PERSON_ID": "8002"}
    related = [*files.pop("FACT_PERSON_RELATION", ()), kin | {"DIM_LOOKUP_RELTN_TYPE_CODE": "CHI"}]
    flags = files.pop("isperson", None) or unflagged(*{str(one["DIM_PERSON_ID"]): None for one in people})
    said = {str(one["PersonID"]) for one in flags}
    flags = [*flags, *unflagged(*({"8001", "8002"} - said))]
    return load(folder, "lcs", isperson=flags, DIM_PERSON=people, FACT_PERSON_RELATION=related, **files)


def load_mosaic(folder: Path, **files: Rows) -> Loaded:
    """Mosaic: a mother and her child (8001, 8002) stand for the relationships a test does not name."""
    people = [*files.pop("dm_persons", ()), mosaic("8001", "1985-01-01"), mosaic("8002")]
    kinds = [*files.pop("dm_personal_rel_types", ()), {"PERSONAL_REL_TYPE_ID": "800", "DESCRIPTION": "Mother : Child"}]
    kin = {
        "PERSONAL_RELATIONSHIP_ID": 8000,
        "PERSON_ID": "8001",
        "OTHER_PERSON_ID": "8002",
        "PERSONAL_REL_TYPE_ID": "800",
    }
    related = [*files.pop("dm_personal_relationships", ()), kin]
    named = {"dm_persons": people, "dm_personal_rel_types": kinds, "dm_personal_relationships": related}
    return load(folder, "mosaic", **named, **files)


def laid_out(folder: Path, layout: str, files: Mapping[str, tuple[str, Sequence[Sequence[object]]]]) -> Loaded:
    """An extract of Mosaic in another layout, with that layout's own column map beside it: header and lines by file."""
    extracts = council(folder / "extracts")
    for name, (header, lines) in files.items():
        write_csv(extracts / "mosaic" / f"{name}.csv", header, lines)
    shutil.copy(HERE / "mosaic" / "layouts" / f"{layout}.toml", extracts / "mosaic" / "columns.toml")
    return checked(extracts, folder)


def checked(extracts: Path, folder: Path) -> Loaded:
    loaded = Loaded(check(extracts, folder / "work"))
    assert not loaded.result.problems, [str(problem) for problem in loaded.result.problems]
    for report in loaded.result.files:
        assert report.rows == report.loaded + report.quarantined
    return loaded
