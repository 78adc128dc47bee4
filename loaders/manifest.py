"""The manifest of a set of extracts: the day they describe, and whether their people are invented."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from graph.errors import DataRefused, StorageFailed, UsageError

NAME = "manifest.toml"


@dataclass(frozen=True, slots=True)
class Manifest:
    """`as_at` is the day the extracts were taken. Only an invented council may hold numbers that are never issued."""

    as_at: date
    invented: bool


def read_manifest(extracts: Path) -> Manifest:
    """The manifest of a folder of extracts.

    Raises UsageError where the folder or the manifest is missing, DataRefused where it cannot be believed.
    """
    if not extracts.is_dir():
        raise UsageError(f"{extracts} is not a folder. Give the folder that holds {NAME} and one folder per source.")
    path = extracts / NAME
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise UsageError(
            f"{path} is missing. Write two lines in it: as_at = 2026-11-23 and invented = false."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise DataRefused(
            f"{path} is not valid TOML. Write two lines: as_at = 2026-11-23 and invented = false."
        ) from None
    except OSError as error:
        raise StorageFailed(f"{path} cannot be read: {error.strerror}.") from None
    return Manifest(_day(content, path), _flag(content, path))


def _day(content: dict[str, object], path: Path) -> date:
    as_at = content.get("as_at")
    if isinstance(as_at, datetime) or not isinstance(as_at, date):
        raise DataRefused(f"{path}: as_at must be a date without quotes, such as as_at = 2026-11-23.")
    if as_at > date.today():
        raise DataRefused(
            f"{path}: as_at is in the future. Give the day the extracts were taken, or set this machine's clock."
        )
    if as_at < date(2000, 1, 1):
        raise DataRefused(f"{path}: as_at is before 2000. Give the day the extracts were taken.")
    return as_at


def _flag(content: dict[str, object], path: Path) -> bool:
    invented = content.get("invented")
    if not isinstance(invented, bool):
        raise DataRefused(f"{path}: invented must be true or false: true only for people who do not exist.")
    return invented
