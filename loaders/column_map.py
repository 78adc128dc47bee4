"""A council's own names for a source's files, columns and values: `columns.toml`, read and held against the source.

Says what stands for what and reads no row. A name nobody knows is a problem of the map: nothing is guessed.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from loaders.reading import FileRefused
from loaders.source import FileSpec, Source

NAME = "columns.toml"
_NONE: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class FileMap:
    """What stands for one of our files. `columns` gives their column for ours, empty where it is not supplied; `values`
    gives for a column of ours our value for theirs, theirs in small letters.
    """

    file: str = ""
    columns: Mapping[str, str] = field(default_factory=lambda: _NONE)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: _NONE)

    def theirs(self, column: str) -> str:
        """Their name of a column of ours."""
        return self.columns.get(column, column)


ColumnMap = Mapping[str, FileMap]
"""What stands for each of our files, by its name without `.csv`. Files not named stand for themselves."""

AS_NAMED = FileMap()


def folded(name: str) -> str:
    """The letters and digits of a column's name in small letters: PERSON_ID, Person ID and person-id are one name."""
    return "".join(filter(str.isalnum, name.casefold()))


def read_map(folders: Iterable[Path], source: Source) -> ColumnMap:
    """The map of a source: the first `columns.toml` in those folders. Raises FileRefused, which names the map."""
    for folder in folders:
        path = folder / NAME
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise FileRefused(f"{path} is not valid TOML: {error}. Mend it") from None
        except OSError as error:
            raise FileRefused(f"{path} cannot be read: {error.strerror}. Mend it") from None
        return _checked(content, source, path)
    return {}


def _checked(content: Mapping[str, Any], source: Source, path: Path) -> ColumnMap:
    try:
        return {spec.name: _file_map(spec, said) for spec, said in _by_file(content, source)}
    except _MapWrong as wrong:
        raise FileRefused(f"{path}{wrong}. Mend the map") from None


class _MapWrong(Exception):
    """What is wrong with a map, and in which part of it."""


def _by_file(content: Mapping[str, Any], source: Source) -> Iterable[tuple[FileSpec, Mapping[str, Any]]]:
    known = {spec.name.casefold(): spec for spec in source.files}
    for name, said in content.items():
        spec = known.get(name.casefold().removesuffix(".csv"))
        if spec is None:
            names = ", ".join(spec.name for spec in source.files)
            raise _MapWrong(f": [{name}] is no file of {source.name}. Its files: {names}")
        yield spec, _table(said, f" [{name}]")


def _file_map(spec: FileSpec, said: Mapping[str, Any]) -> FileMap:
    where = f" [{spec.name}]"
    other = [key for key in said if key not in ("file", "columns", "values")]
    if other:
        raise _MapWrong(f"{where}: {other[0]} is not known. Known: file, columns, values")
    file = _text(said.get("file", ""), f"{where}: file")
    if Path(file).name != file:
        raise _MapWrong(f"{where}: file must be the name of a file beside this one, without a folder")
    columns = _ours(spec, _table(said.get("columns", {}), f"{where}: columns"), f" [{spec.name}.columns]")
    values = _ours(spec, _table(said.get("values", {}), f"{where}: values"), f" [{spec.name}.values]")
    return FileMap(
        file,
        {ours: _their_column(spec, ours, theirs) for ours, theirs in columns.items()},
        {ours: _their_values(spec, ours, theirs) for ours, theirs in values.items()},
    )


def _ours(spec: FileSpec, said: Mapping[str, Any], where: str) -> dict[str, Any]:
    """What is said of each column of ours, under the name it has in source.toml."""
    known = {column.casefold(): column for column in spec.columns}
    found = {}
    for name, value in said.items():
        column = known.get(name.casefold())
        if column is None:
            raise _MapWrong(f"{where}: {name} is no column of ours. Ours: {', '.join(spec.columns)}")
        found[column] = value
    return found


def _their_column(spec: FileSpec, ours: str, theirs: object) -> str:
    where = f" [{spec.name}.columns]: {ours}"
    name = _text(theirs, where).strip()
    if name and folded(name) in map(folded, spec.never_read):
        raise _MapWrong(f"{where} is to be read from {name}, which nobody may read")
    return name


def _their_values(spec: FileSpec, ours: str, said: object) -> dict[str, str]:
    where = f" [{spec.name}.values.{ours}]"
    return {theirs.strip().casefold(): _text(value, where) for theirs, value in _table(said, where).items()}


def _table(said: object, where: str) -> Mapping[str, Any]:
    if not isinstance(said, dict):
        raise _MapWrong(f"{where} must be a table")
    return said


def _text(said: object, where: str) -> str:
    if not isinstance(said, str):
        raise _MapWrong(f"{where} must be text between quote marks")
    return said
