"""The data folder: where builds, the live pointer, users and audit log stand, and how the pointer moves.

A build is readable only once the pointer names it. Nothing here opens a graph.
"""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from graph.errors import AlreadyRunning, StorageFailed

OWNER_ONLY = 0o700
LIVE = "live"
_BEGUN = "%Y%m%dT%H%M%S"


@dataclass(frozen=True, slots=True)
class DataHome:
    """One data folder (`FNX_DATA`)."""

    root: Path

    @property
    def builds(self) -> Path:
        """Folder of all builds, published or not."""
        return self.root / "builds"

    def build(self, build_id: str) -> Path:
        """Folder of one build."""
        return self.builds / build_id

    def prepare(self) -> None:
        """Make the folder, readable by its owner only. Raises StorageFailed where that cannot be done."""
        try:
            self.builds.mkdir(mode=OWNER_ONLY, parents=True, exist_ok=True)
            self.root.chmod(OWNER_ONLY)
        except OSError as error:
            raise StorageFailed(f"The data folder {self.root} cannot be used ({error.strerror}).") from error

    def live_id(self) -> str | None:
        """Id of the build readers see, or None before the first publish."""
        try:
            return Path(os.readlink(self.root / LIVE)).name
        except OSError:
            return None

    def live(self) -> Path | None:
        """Folder of the live build, or None before the first publish."""
        build_id = self.live_id()
        return self.build(build_id) if build_id else None

    def point_live_at(self, build_id: str) -> None:
        """Move the pointer in one atomic step, after the build's own files are on disk."""
        sync_tree(self.build(build_id))
        fresh = self.root / f".{LIVE}-{secrets.token_hex(4)}"
        os.symlink(Path("builds") / build_id, fresh)
        os.replace(fresh, self.root / LIVE)
        sync_folder(self.root)

    @contextmanager
    def refreshing(self) -> Iterator[None]:
        """Hold the one refresh lock of the folder. Raises AlreadyRunning where another process holds it."""
        with (self.root / "refresh.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise AlreadyRunning(
                    f"Another refresh is running on {self.root}. Wait for it to end, then start this one again."
                ) from None
            yield

    def discard(self, build_id: str) -> None:
        """Remove a build's folder. Never the live one."""
        if build_id != self.live_id():
            shutil.rmtree(self.build(build_id), ignore_errors=True)


@contextmanager
def owner_only_files() -> Iterator[None]:
    """Every file and folder made meanwhile is readable by its owner only, whoever writes it.

    It holds for the whole process: for commands, not for threads that serve.
    """
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def new_build_id() -> str:
    """A build's id: when it began (UTC) and four random hex digits."""
    return f"{datetime.now(UTC):{_BEGUN}}-{secrets.token_hex(2)}"


def begun(build: str) -> datetime:
    """When the refresh that made a build began, in UTC: its id says so."""
    return datetime.strptime(build.partition("-")[0], _BEGUN).replace(tzinfo=UTC)


def write_json(path: Path, content: Mapping[str, Any] | list[Any]) -> None:
    """Write a small JSON file whole: readers see the old content or the new."""
    fresh = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    fresh.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(fresh, path)


def sync_folder(folder: Path) -> None:
    """Make a folder's own entries durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """Make every file below a folder durable, the folders too."""
    for place, _, names in os.walk(folder):
        for name in names:
            with (Path(place) / name).open("rb") as file:
                os.fsync(file.fileno())
        sync_folder(Path(place))
