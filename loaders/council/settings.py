"""The generator's settings: `fixtures/council.toml`, every figure with its source beside it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SETTINGS_FILE = Path(__file__).parents[2] / "fixtures" / "council.toml"

Rates = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class CouncilSettings:
    """One table of rates per part of the generator; shares are of 1 unless the file says otherwise.

    `sources` has a table for each partner system: whom it holds and which numbers it has of them.
    """

    households: Rates
    families: Rates
    children: Rates
    kinship: Rates
    origins: Rates
    names: Rates
    known: Rates
    care: Rates
    moves: Rates
    services: Rates
    happenings: Rates
    recorded: Rates
    errors: Rates
    sources: Mapping[str, Rates]


@cache
def council_settings() -> CouncilSettings:
    """The settings, read once."""
    return CouncilSettings(**tomllib.loads(SETTINGS_FILE.read_text(encoding="utf-8")))
