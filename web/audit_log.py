"""The audit log on disk: one segment file per process, each line chained to the one before, durable before `append`
returns.

A segment that fails once is broken for good: no retry, because after a failed sync nobody knows what the disk holds.
"""

import fcntl
import hashlib
import json
import os
import secrets
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from graph.errors import StorageFailed
from graph.home import OWNER_ONLY, sync_folder

FIRST = "0" * 64
"""What the first record of a segment is chained to."""

SUFFIX = ".jsonl"


def line_of(content: Mapping[str, Any], previous: str) -> tuple[bytes, str]:
    """One record as the bytes of its line, and the digest the next record is chained to.

    The digest covers the whole record, the previous digest included, so an edit anywhere breaks the chain there.
    """
    chained = {**content, "previous": previous}
    digest = hashlib.sha256(_canonical(chained)).hexdigest()
    return _canonical({**chained, "digest": digest}) + b"\n", digest


def _canonical(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


class AuditLog:
    """This process's segment in `folder`: made on first use, so that each worker has its own after the fork."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._handle = -1
        self._owner = 0
        self._seq = 0
        self._previous = FIRST
        self._broken = False
        self.segment: Path | None = None

    def append(self, content: Mapping[str, Any]) -> None:
        """Write one record and wait until the disk has it. Raises StorageFailed, and always will from then on."""
        with self._lock:
            if self._broken:
                raise StorageFailed("The audit log is broken. Mend the disk, then start the server again.")
            try:
                self._append(content)
            except OSError as error:
                self._broken = True
                raise StorageFailed(
                    f"The audit log in {self._folder} cannot be written ({error.strerror}). "
                    "Mend the disk, then start the server again."
                ) from error

    @property
    def broken(self) -> bool:
        """Whether a write has failed."""
        return self._broken

    def create(self, segment: Path) -> int:
        """A new, empty segment, held by this process so that others can tell it is alive."""
        handle = os.open(segment, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return handle

    def _append(self, content: Mapping[str, Any]) -> None:
        if self._owner != os.getpid():
            self._open()
        head = {"seq": self._seq + 1, "at": datetime.now(UTC).isoformat(timespec="microseconds")}
        line, digest = line_of({**head, **content}, self._previous)
        if os.write(self._handle, line) != len(line):
            raise OSError(0, "the disk took only part of a record")
        os.fdatasync(self._handle)
        self._seq, self._previous = self._seq + 1, digest

    def _open(self) -> None:
        self._folder.mkdir(mode=OWNER_ONLY, parents=True, exist_ok=True)
        torn = mend_torn(self._folder)
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}-{secrets.token_hex(4)}{SUFFIX}"
        self.segment = self._folder / name
        self._handle = self.create(self.segment)
        sync_folder(self._folder)
        self._owner, self._seq, self._previous = os.getpid(), 0, FIRST
        for segment in torn:
            self._append({"action": "unfinished record set aside", "asked": {"segment": segment}, "people": []})


def mend_torn(folder: Path) -> list[str]:
    """Cut the unfinished last line off every segment whose process has gone, and name those segments.

    A power cut or a full disk can leave one. Its page was never sent, because the write had not returned; what is cut
    off is kept beside the segment as `.torn`.
    """
    return [path.name for path in sorted(folder.glob(f"*{SUFFIX}")) if _mended(path)]


def _mended(path: Path) -> bool:
    with path.open("r+b") as segment:
        try:
            fcntl.flock(segment, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False  # its process lives and writes to it
        if _ends_whole(segment):
            return False
        content = segment.read()
        whole = content.rfind(b"\n") + 1
        path.with_suffix(".torn").write_bytes(content[whole:])
        segment.truncate(whole)
        os.fsync(segment.fileno())
        return True


def _ends_whole(segment: BinaryIO) -> bool:
    """Whether the last byte ends a line; leaves the file at its start."""
    length = segment.seek(0, os.SEEK_END)
    segment.seek(max(length - 1, 0))
    ends = segment.read(1) in {b"", b"\n"}
    segment.seek(0)
    return ends
