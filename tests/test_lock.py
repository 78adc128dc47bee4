"""The lock files pin what pyproject.toml asks for, by hash, and name no place to fetch it from."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUNTIME: list[str] = PROJECT["project"]["dependencies"]
DEVELOPMENT: list[str] = PROJECT["dependency-groups"]["dev"]
SPARK: list[str] = PROJECT["project"]["optional-dependencies"]["spark"]
PEERS: list[str] = PROJECT["dependency-groups"]["peers"]
LOCKS = {
    "requirements.lock": RUNTIME,
    "requirements-dev.lock": [*RUNTIME, *DEVELOPMENT],
    "requirements-peers.lock": PEERS,
    "requirements-spark.lock": [*RUNTIME, *SPARK],
}
PIN = re.compile(r"^(?P<name>[a-z0-9.-]+)==(?P<version>[^\s;]+)", re.MULTILINE)


def pins(lock: str) -> dict[str, Version]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {canonicalize_name(found["name"]): Version(found["version"]) for found in PIN.finditer(text)}


def unmet(requirements: list[str], pinned: dict[str, Version]) -> Iterator[str]:
    """What the project asks for and the pins do not give."""
    for text in requirements:
        wanted = Requirement(text)
        version = pinned.get(canonicalize_name(wanted.name))
        if version is None or version not in wanted.specifier:
            yield f"{text}: pinned at {version}"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_pinned_within_its_range(lock: str) -> None:
    assert not list(unmet(LOCKS[lock], pins(lock))), "run `make lock`"


@pytest.mark.parametrize("lock", LOCKS)
def test_nothing_is_pinned_that_nobody_asks_for(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    direct = {
        canonicalize_name(block.split("==")[0])
        for block in re.split(r"\n(?=[a-z])", text)
        if "family-network-explorer" in block
    }
    wanted = {canonicalize_name(Requirement(each).name) for each in LOCKS[lock]}
    assert direct == wanted, "run `make lock`"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[a-z])", text)
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert "://" not in text
    assert "index" not in re.sub(r"#.*", "", text)


def test_what_runs_is_what_is_tested() -> None:
    runs = pins("requirements.lock")
    for tested in (pins("requirements-dev.lock"), pins("requirements-spark.lock")):
        assert {name: version for name, version in runs.items() if tested.get(name) != version} == {}


def test_an_unmet_requirement_is_seen() -> None:
    assert list(unmet(["flask>=99", "no-such-thing"], pins("requirements.lock"))) != []
    assert list(unmet(["flask>=3"], pins("requirements.lock"))) == []
