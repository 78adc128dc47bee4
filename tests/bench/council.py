"""An invented council of a given size, generated and refreshed by the program's own commands, each one timed and its
memory watched.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from loaders.source import discover

ROOT = Path(__file__).parents[2]
SAMPLE_SECONDS = 0.2


@dataclass(frozen=True)
class Run:
    """One command: how long it took, in seconds, and the most memory it and its children held, in MiB."""

    seconds: float
    peak_mib: float


@dataclass(frozen=True)
class Council:
    """A published council: its folder of extracts, its data folder, and how the two were made."""

    people: int
    extracts: Path
    data: Path
    generated: Run
    refreshed: Run


@contextmanager
def council(people: int) -> Iterator[Council]:
    """A freshly generated and published council, gone with the block."""
    folder = ROOT / "bench-results" / str(people)
    shutil.rmtree(folder, ignore_errors=True)
    extracts, data = folder / "extracts", folder / "data"
    try:
        generated = flask(data, "generate", str(extracts), "--people", str(people), "--seed", "1")
        refreshed = flask(data, "refresh", str(extracts))
        yield Council(people, extracts, data, generated, refreshed)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def flask(data: Path, *arguments: str) -> Run:
    """Run one of the program's commands on a data folder, every gate open, watching it.

    Raises CalledProcessError if it fails.
    """
    command = [sys.executable, "-m", "flask", *arguments]
    gates = ",".join(sorted({source.gate for source in discover().values() if source.gate}))
    environment = {**os.environ, "FNX_DATA": str(data), "FNX_GATES": gates}
    began = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, resident_mib(process.pid))
        time.sleep(SAMPLE_SECONDS)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Run(time.monotonic() - began, peak)


def resident_mib(pid: int) -> float:
    """Resident memory of a process and everything below it, in MiB."""
    total = 0
    try:
        top = psutil.Process(pid)
        for process in (top, *top.children(recursive=True)):
            total += process.memory_info().rss
    except psutil.NoSuchProcess:
        pass
    return total / 2**20
