"""The folder of one source: which of its files stands for which file of ours. Opens none of them."""

import os
from collections.abc import Iterable
from pathlib import Path

from graph.errors import StorageFailed
from loaders.column_map import AS_NAMED, NAME, ColumnMap, FileMap
from loaders.reading import FileRefused
from loaders.source import FileSpec

# fmt: off
ENDINGS = (
    ".csv", ".csv.gz", ".csv.zip", ".zip", ".xlsx", ".txt", ".tsv", ".gz", ".txt.gz", ".txt.zip", ".tsv.gz", ".tsv.zip",
)
# fmt: on
"""What may follow a file's name; of two that are there the first is read."""

TRUTH = "truth"
"""The folder in which an invented council keeps the answers; it is never read here."""


class Entries:
    """What lies in a folder, found by name without regard to case; an exact name comes first."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError where the folder may not be looked into."""
        self.folder = folder
        self.names = sorted(entry.name for entry in folder.iterdir())
        self._found = {name.casefold(): name for name in reversed(self.names)} | {name: name for name in self.names}

    def find(self, name: str) -> Path | None:
        """What goes by that name, or None."""
        found = self._found.get(name) or self._found.get(name.casefold())
        return self.folder / found if found else None


class Extracts:
    """The folder of everything supplied: a folder per source."""

    def __init__(self, folder: Path) -> None:
        """Raises StorageFailed where it may not be looked into."""
        try:
            self._entries = Entries(folder)
        except OSError as error:
            raise StorageFailed(f"{folder} cannot be looked into: {error.strerror}.") from None

    def find(self, source: str) -> Path | None:
        """The folder of a source, or whatever stands in its place; None where it is not supplied."""
        return self._entries.find(source)

    def others(self, sources: Iterable[str]) -> list[str]:
        """Names of the folders that no source goes by."""
        asked = {self.find(name) for name in (*sources, TRUTH)}
        folders = (self._entries.folder / name for name in self._entries.names)
        return [path.name for path in folders if path not in asked and path.is_dir()]


class SourceFolder:
    """The files of a source as they lie in its folder."""

    def __init__(self, folder: Path) -> None:
        """Raises FileRefused where there is no folder, or it may not be looked into."""
        self.mapped: ColumnMap = {}
        if not folder.is_dir():
            raise FileRefused(f"{folder} is not a folder. Put the files of this source into a folder of that name")
        try:
            self._entries = Entries(folder)
            os.stat(f"{folder}/.")  # may it be entered? pathlib would drop the dot
        except OSError as error:
            raise FileRefused(f"{folder} cannot be looked into: {error.strerror}. Allow this account to") from None

    def map_of(self, spec: FileSpec) -> FileMap:
        """The council's own names for a file."""
        return self.mapped.get(spec.name, AS_NAMED)

    def find(self, spec: FileSpec) -> Path | None:
        """The file that stands for one of ours, or None."""
        own = self.map_of(spec).file
        names = [own] if own else [spec.name + ending for ending in ENDINGS]
        return next((path for name in names if (path := self._entries.find(name))), None)

    def unread(self, specs: Iterable[FileSpec]) -> int:
        """How many things in the folder stand for nothing."""
        read = {path.name for spec in specs if (path := self.find(spec))}
        return len(set(self._entries.names) - read - {NAME})

    def size(self, specs: Iterable[FileSpec]) -> int:
        """Bytes of all that will be read."""
        return sum(path.stat().st_size for spec in specs if (path := self.find(spec)) and path.is_file())
