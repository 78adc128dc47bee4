"""One file out of a zip or gzip archive, as a stream: never more than it may hold, and never written to disk.

An archive is refused, in one line, where what it holds is not exactly one plain file or would expand beyond measure.
What it says of its sizes is checked before anything is expanded, and what really comes out while it is read.
"""

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable
from copy import copy
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from loaders.reading import FileRefused

MAX_EXPANDED = 3 * 2**30
"""Most bytes a file may expand to."""
MAX_RATIO = 200
"""Most an archive may be expanded: honest extracts stay below fifty."""
FREE = 32 * 2**20
"""Bytes up to which the ratio does not matter."""
MAX_DIRECTORY = 2**20
"""Longest list of members that is read, in bytes."""

ZIP, EMPTY_ZIP, GZIP = b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b"

_DAMAGED = (zipfile.BadZipFile, gzip.BadGzipFile, EOFError, zlib.error, ValueError, NotImplementedError, RuntimeError)
_END, _END_SIZE, _LONGEST_COMMENT = b"PK\x05\x06", 22, 65_535
_LOCATOR, _LOCATOR_SIZE, _WIDE_END_SIZE = b"PK\x06\x07", 20, 56
_BLOCK = 262_144


class _Stream(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...
    def close(self) -> None: ...


def members_of(path: Path) -> list[zipfile.ZipInfo]:
    """The files in a zip archive, each fit to be read; folders and a Mac's own files left out. Raises FileRefused."""
    _refuse_long_list(path)
    try:
        with zipfile.ZipFile(path) as archive:
            listed = archive.infolist()
    except _DAMAGED:
        raise FileRefused(_damage("zip archive")) from None
    found = [one for one in listed if not one.is_dir() and not one.filename.startswith("__MACOSX/")]
    for member in found:
        _refuse_member(member)
    refuse_size(sum(one.file_size for one in found), path.stat().st_size)
    return found


def only_member(members: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    """The one file of an archive of one file. Raises FileRefused."""
    if len(members) != 1:
        held = f"{len(members)} files" if members else "no file"
        raise FileRefused(f"its zip archive holds {held}. Put one file into each archive")
    return members[0]


def open_member(path: Path, member: zipfile.ZipInfo) -> BinaryIO:
    """A stream of one member, expanded as it is read. Reading raises FileRefused where it is damaged or too much."""
    honest = copy(member)
    honest.file_size = MAX_EXPANDED + 1  # read to the member's true end, whatever the archive says of it

    def opened() -> _Stream:
        with zipfile.ZipFile(path) as archive:
            return archive.open(honest)

    return io.BufferedReader(_Guarded(opened, member.compress_size, member.file_size), _BLOCK)


def open_gzip(path: Path) -> BinaryIO:
    """A stream of a gzip file, expanded as it is read. Reading raises FileRefused where it is damaged or too much."""
    return io.BufferedReader(_Guarded(lambda: gzip.GzipFile(path), path.stat().st_size, None), _BLOCK)


def _damage(what: str) -> str:
    return f"its {what} is damaged. Ask for it again"


def _refuse_long_list(path: Path) -> None:
    """Refuse an archive whose list of members is too long to hold, before Python's own reader would hold it."""
    with path.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(max(0, size - _LONGEST_COMMENT - _END_SIZE - _LOCATOR_SIZE - _WIDE_END_SIZE))
        tail = file.read()
    without_comment = tail[-_END_SIZE:].startswith(_END) and tail.endswith(b"\0\0")
    end = len(tail) - _END_SIZE if without_comment else tail.rfind(_END)
    if end < 0:
        raise FileRefused(_damage("zip archive"))
    listed = tail[end + 12 : end + 16]
    if end >= _LOCATOR_SIZE + _WIDE_END_SIZE and tail[end - _LOCATOR_SIZE :].startswith(_LOCATOR):
        wide = end - _LOCATOR_SIZE - _WIDE_END_SIZE
        listed = tail[wide + 40 : wide + 48]
    if int.from_bytes(listed, "little") > MAX_DIRECTORY:
        raise FileRefused("its zip archive holds too many files. Put one file into each archive")


def _refuse_member(member: zipfile.ZipInfo) -> None:
    name = member.filename.replace("\\", "/")
    if name.startswith("/") or ".." in name.split("/") or name[1:2] == ":":
        raise FileRefused("its zip archive names a place outside itself. Ask for it again")
    if member.flag_bits & 0x1:
        raise FileRefused("its zip archive is encrypted. Supply it without a password, by a safe way")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise FileRefused("its zip archive is packed in a way that is not read. Pack it as an ordinary zip")
    refuse_size(member.file_size, member.compress_size)


def refuse_size(expanded: int, compressed: int, most: int = MAX_EXPANDED) -> None:
    """Raise FileRefused where that many compressed bytes would become too many."""
    if expanded > most:
        raise FileRefused(f"it would expand to more than {most >> 30} GiB. Ask for plain CSV")
    if expanded > FREE and expanded > MAX_RATIO * compressed:
        raise FileRefused(f"it would expand more than {MAX_RATIO} times, as no honest extract does. Ask for it again")


class _Guarded(io.RawIOBase):
    """What comes out of an archive, counted. Raises FileRefused where it is damaged, too much or not what was said."""

    def __init__(self, opened: Callable[[], _Stream], compressed: int, declared: int | None) -> None:
        try:
            self._inner = opened()
        except _DAMAGED:
            raise FileRefused(_damage("zip archive")) from None
        self._compressed, self._declared = compressed, declared
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        try:
            block = self._inner.read(len(buffer))
        except _DAMAGED:
            raise FileRefused(_damage("compressed content")) from None
        if self._given == 0 and block.startswith((ZIP, EMPTY_ZIP, GZIP)):
            raise FileRefused("it is an archive within an archive. Unpack it once")
        self._given += len(block)
        refuse_size(self._given, self._compressed)
        if not block and self._declared not in (None, self._given):
            raise FileRefused("its compressed content is not as long as it says. Ask for it again")
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        if not self.closed and hasattr(self, "_inner"):
            self._inner.close()
        super().close()
