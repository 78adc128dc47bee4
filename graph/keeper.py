"""Keeps one engine process alive exactly as long as somebody holds the other end of its standard input.

Run as `python -m graph.keeper LOG COMMAND...` with a pipe as standard input. It prints the engine's process id. A line
on the pipe says that the engine is ready: from then on a crash is mended by a new start. The end of the pipe, which
comes even when its holder is killed, ends the engine. Standard library only, and one thread only: the death signal set
on the engine fires when the *thread* that started it ends.
"""

import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from types import FrameType
from typing import NoReturn

_PATIENCE = 10.0  # seconds the engine has to close its files before it is killed
_LOOK = 0.25  # seconds between two looks at the engine
_CRASHES, _WITHIN = 5, 600.0  # more crashes than this, within so many seconds, and the keeper gives up
_PR_SET_PDEATHSIG = 1


def _die_with(parent: int) -> Callable[[], None] | None:
    """What the engine runs before it becomes Java: ask the kernel for a SIGKILL when its keeper dies (Linux only)."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl

    def arrange() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # the keeper died before the arrangement stood
            os._exit(1)

    return arrange


def _start(command: Sequence[str], log: str) -> subprocess.Popen[bytes]:
    with open(log, "ab") as out:
        # Descriptors stay open on purpose: the engine holds the lock on its folder for as long as it lives.
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            close_fds=False,
            preexec_fn=_die_with(os.getpid()),  # noqa: PLW1509 - one thread only
        )


def _stop(engine: subprocess.Popen[bytes]) -> None:
    engine.terminate()
    try:
        engine.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        engine.kill()
        engine.wait()


def _word() -> bytes | None:
    """What came through the pipe: None when nothing did, empty at its end."""
    readable, _, _ = select.select([0], [], [], _LOOK)
    return os.read(0, 1024) if readable else None


def keep(command: Sequence[str], log: str) -> int:
    """Start the engine and keep it until the pipe ends. Returns the exit status of the keeper."""
    engine, ready, crashes = _start(command, log), False, list[float]()
    sys.stdout.write(f"{engine.pid}\n")
    sys.stdout.flush()
    try:
        while (word := _word()) != b"":
            ready = ready or word is not None
            if engine.poll() is None:
                continue
            now = time.monotonic()
            crashes = [at for at in crashes if now - at < _WITHIN] + [now]
            if not ready or len(crashes) > _CRASHES:
                return 1
            engine = _start(command, log)
        return 0
    finally:
        _stop(engine)


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def main(arguments: Sequence[str]) -> int:
    """Run the keeper on `LOG COMMAND...`."""
    os.umask(0o077)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _leave)
    return keep(arguments[1:], arguments[0])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
