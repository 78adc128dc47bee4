"""The people index of one visibility class: built once at refresh, checked, then only read.

A folder is never changed after it is built: a new build gets a new folder, and the pointer moves. Opening writes
nothing into it, so it may lie on a read-only mount or belong to another user.
"""

import hashlib
import os
import tempfile
from collections.abc import Collection, Iterable
from pathlib import Path

import orjson
import tantivy

from graph.errors import StorageFailed
from graph.search.candidates import CANDIDATES, STORED, QueryTree, document, schema
from graph.search.query import Query
from graph.search.record import SearchRecord, unpack
from graph.search.scoring import LIMIT, Results, rank

FORMAT = 1
"""Raise it when fields, folding or the stored record change: an index of another format is refused."""

_MANIFEST = "manifest.json"
_HEAP = 128_000_000
_REBUILD = "Refresh again to build it anew."


def build_index(folder: Path, records: Iterable[SearchRecord]) -> int:
    """Writes the index of these people into a new folder and checks it; says how many it holds.

    Raises StorageFailed if the folder holds anything already or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise StorageFailed(f"The search index folder {folder.name} is not empty. Build into a new one.")
        people = _write(folder, records)
        _seal(folder, people)
    except OSError as error:
        raise StorageFailed(f"The search index could not be written to {folder.name}: {error.strerror}.") from error
    if len(PeopleIndex.open(folder)) != people:
        raise StorageFailed(f"The search index {folder.name} does not hold everybody it was given. {_REBUILD}")
    return people


def _write(folder: Path, records: Iterable[SearchRecord]) -> int:
    # One writer thread and one commit make one segment; two cost a search a fifth more.
    writer = tantivy.Index(schema(), path=str(folder)).writer(heap_size=_HEAP, num_threads=1)
    people = 0
    for record in records:
        writer.add_document(document(record))
        people += 1
    writer.commit()
    writer.wait_merging_threads()
    return people


def _seal(folder: Path, people: int) -> None:
    """Writes the checksum of every file beside them; tantivy itself does not notice a flipped byte."""
    for lock in folder.glob(".tantivy-*.lock"):
        lock.unlink()
    digests = {path.name: _digest(path) for path in sorted(folder.iterdir())}
    manifest = {"format": FORMAT, "people": people, "sha256": digests}
    (folder / _MANIFEST).write_bytes(orjson.dumps(manifest, option=orjson.OPT_INDENT_2))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify_index(folder: Path) -> None:
    """Raises StorageFailed unless every file of the index is the one that was built."""
    try:
        manifest = orjson.loads((folder / _MANIFEST).read_bytes())
        found = {name: _digest(folder / name) for name in manifest["sha256"]}
    except (OSError, ValueError, KeyError, TypeError):
        raise StorageFailed(f"The search index {folder.name} is missing or incomplete. {_REBUILD}") from None
    if manifest["format"] != FORMAT or found != manifest["sha256"]:
        raise StorageFailed(f"The search index {folder.name} is damaged or of another version. {_REBUILD}")


class PeopleIndex:
    """A read-only people index. Safe to share between threads: searching releases the interpreter's lock."""

    def __init__(self, index: tantivy.Index) -> None:
        self._tree = QueryTree(index.schema)
        self._searcher = index.searcher()

    @classmethod
    def open(cls, folder: Path) -> "PeopleIndex":
        """Checks and opens the index in that folder. Raises StorageFailed if it is missing or damaged."""
        verify_index(folder)
        try:
            return cls(_open_aside(folder))
        except (OSError, ValueError) as error:
            raise StorageFailed(f"The search index {folder.name} cannot be opened. {_REBUILD}") from error

    def __len__(self) -> int:
        """How many people it holds."""
        return int(self._searcher.num_docs)

    def search(self, query: Query, limit: int = LIMIT, excluded: Collection[str] = ()) -> Results:
        """The people who fit best, at most `limit`, each with its reasons; `more` says that others fit too.

        The `excluded` people do not exist for this search: they are neither scored, nor counted, nor in anybody's way.
        """
        return rank(query, self.candidates(query, excluded=excluded), limit)

    def candidates(self, query: Query, most: int = CANDIDATES, excluded: Collection[str] = ()) -> list[SearchRecord]:
        """The records worth scoring for this search, none of the `excluded`."""
        found = self._searcher.search(self._tree.build(query), limit=most + len(excluded), count=False)
        records = (unpack(self._searcher.doc(address)[STORED][0]) for _, address in found.hits)
        gone = frozenset(excluded)
        return [record for record in records if record.person_id not in gone][:most]


def _open_aside(folder: Path) -> tantivy.Index:
    """Opens the index through links in a short-lived folder of our own.

    The library opens a lock file for writing beside the index, even to read (tantivy issue 557). Its files stay
    mapped after the links are gone. A thread of the library may touch its lock while the folder is swept away: that
    must not cost a reader the index.
    """
    with tempfile.TemporaryDirectory(prefix="fnx-index-", ignore_cleanup_errors=True) as aside:
        for path in folder.resolve().iterdir():
            os.symlink(path, Path(aside) / path.name)
        index = tantivy.Index.open(aside)
        index.config_reader("manual")
        index.reload()
        index.searcher()
        return index
