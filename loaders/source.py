"""What a source is: its description (`source.toml`) and its mapping (`mapping.py`), found by listing a folder.

Nothing here names a source. A new one is a folder; it may also live outside this package.
"""

import importlib
import importlib.util
import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from graph.classes import VisibilityClass
from graph.errors import DataRefused, UsageError
from loaders.context import Context, Row, StandardRow

HERE = Path(__file__).parent / "sources"

_NAME = re.compile(r"[a-z][a-z0-9_]*")

MapRow = Callable[[Row, Context], Iterable[tuple[str, StandardRow]]]
"""One row of a file to rows of standard tables, named. Raises RowRejected."""

Finish = Callable[[Context], Iterable[tuple[str, StandardRow]]]
"""The rows that can be made only once every file has been read; each says in `source_row` which line it comes from."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service whose involvement this source reports. Ages are in years and None where the service has no limit."""

    service_id: str
    title: str
    sensitive: bool
    age_from: int | None
    age_to: int | None


@dataclass(frozen=True, slots=True)
class Legal:
    """Why a source may be held and shown: each in words for a reader, none a judgement of ours."""

    purpose: str
    gateway: str
    agreement: str
    impact_assessment: str
    privacy_notice: str
    onward_sharing: str


@dataclass(frozen=True, slots=True)
class Keep:
    """How long a source's rows are kept. Years, and None where there is no limit.

    `age_from` and `age_to` are completed years on the day of the extract (inclusive; an unborn child is younger than
    0); a person of unknown age is kept. A fact that ended more than `ended_years` ago is not.
    """

    age_from: int | None = None
    age_to: int | None = None
    ended_years: int | None = None


@dataclass(frozen=True, slots=True)
class FileSpec:
    """One file of a source.

    `people` marks the file that lists the people, `restricts` one that is there to say who is restricted, and
    `restriction_columns` the columns that say so.
    `marks` gives each column its mark: SPEC (published layout), SEEN (in public code) or ASSUMPTION.
    `codes` are the columns that hold codes of a pick list: never names, numbers or text.
    `why_required` is added to the message that a required file is missing. `tail` is a column that some exports write
    raw as the last one, without quote marks round the commas in it, as JSON.
    """

    name: str
    title: str
    required: bool
    people: bool
    restricts: bool
    restriction_columns: tuple[str, ...]
    key: str | None
    expected: tuple[str, ...]
    optional: tuple[str, ...]
    never_read: tuple[str, ...]
    min_rows: int
    max_rows: int
    marks: Mapping[str, str]
    why_required: str = ""
    tail: str = ""
    codes: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is read."""
        return self.expected + self.optional

    @property
    def filename(self) -> str:
        """Its name in the extracts."""
        return f"{self.name}.csv"

    def without_restrictions(self) -> "FileSpec":
        """The same file where nothing about restrictions is asked for: to look at a sample, never to publish."""
        kept = tuple(column for column in self.expected if column not in self.restriction_columns)
        moved = tuple(column for column in self.expected if column in self.restriction_columns)
        required = self.required and not self.restricts
        return replace(self, expected=kept, optional=self.optional + moved, required=required, restricts=False,
                       restriction_columns=())  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """One source system. Its files are read in the order they are declared.

    A source with a `gate` is read only where the council has switched that gate on (`FNX_GATES`). `classes` are the
    visibility classes whose graphs may hold anything of it, its records of people included.
    """

    name: str
    title: str
    owner: str
    service: str
    frequency: str
    frequency_days: int
    lawful_basis: str
    coverage: str
    sensitivity: str
    makes_units: bool
    identifiers: tuple[str, ...]
    services: tuple[Service, ...]
    files: tuple[FileSpec, ...]
    mapping: Mapping[str, MapRow]
    legal: Legal
    keep: Keep
    classes: frozenset[VisibilityClass] = frozenset(VisibilityClass)
    gate: str = ""
    finish: Finish | None = None

    @property
    def people_file(self) -> str:
        """Name of the file that lists the people; empty for a source without people of its own."""
        return next((spec.name for spec in self.files if spec.people), "")


def discover(folder: Path = HERE) -> dict[str, Source]:
    """Every source of a folder, by name and in order of name. Raises DataRefused for a description that is wrong."""
    return {path.parent.name: _load(path) for path in sorted(folder.glob("*/source.toml"))}


def every_source(shipped: Path = HERE, own: Path | None = None) -> dict[str, Source]:
    """The sources of this program and those of the council's own folder (`FNX_SOURCES`), by name and in order of name.

    Raises UsageError where the folder is missing, and DataRefused for a description that is wrong, a name that is taken
    or a service that two sources do not give one title or do not call equally sensitive.
    """
    known = discover(shipped)
    if own is None:
        return known
    if not own.is_dir():
        raise UsageError(
            f"{own} is not a folder. Set FNX_SOURCES to the folder of the council's own sources, or unset it."
        )
    added = discover(own)
    for name in added:
        _refuse_name(own / name, known)
    for folder in sorted(own.iterdir()):
        if folder.is_dir() and folder.name not in {*known, *added} and not folder.name.startswith((".", "_")):
            raise DataRefused(
                f"{folder} holds no source.toml, and no source has that name. See docs/adding-a-source.md."
            )
    found = dict(sorted({**known, **added}.items()))
    _refuse_torn_services(found, added)
    return found


def _refuse_name(folder: Path, known: Collection[str]) -> None:
    if folder.name in known:
        raise DataRefused(f"{folder}: this program has a source of that name. Give the folder another name.")
    if not _NAME.fullmatch(folder.name):
        raise DataRefused(f"{folder}: a source's name has small letters, digits and underscores. Rename the folder.")


def _refuse_torn_services(found: Mapping[str, Source], added: Collection[str]) -> None:
    """A service has one title, and is sensitive for everybody or for nobody: one source may not open what another
    closes.
    """
    said = torn_services(found.values())
    for name in added:
        for service in found[name].services:
            if service.service_id in said:
                what = f"{service.service_id} {said[service.service_id]}"
                raise DataRefused(
                    f"source {name}: not every source says of the service {what}. "
                    "Say the same as they do, or use an id of its own."
                )


def torn_services(sources: Iterable[Source]) -> dict[str, str]:
    """The services of which sources disagree, and about what."""
    titles: dict[str, set[str]] = {}
    closed: dict[str, set[bool]] = {}
    for service in (service for source in sources for service in source.services):
        titles.setdefault(service.service_id, set()).add(service.title)
        closed.setdefault(service.service_id, set()).add(service.sensitive)
    retitled = {service_id: "what it is called" for service_id, names in titles.items() if len(names) > 1}
    return retitled | {service_id: "that it is sensitive" for service_id, flags in closed.items() if len(flags) > 1}


def _load(path: Path) -> Source:
    name = path.parent.name
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        files = tuple(_file(entry) for entry in content.pop("files"))
        services = tuple(_service(entry) for entry in content.pop("services", []))
        identifiers = tuple(content.pop("identifiers", []))
        module = _module(path.parent)
        mapping: dict[str, MapRow] = {spec.name: getattr(module, spec.name.lower()) for spec in files}
        content["finish"] = getattr(module, "finish", None)
        if sum(spec.people for spec in files) > 1:
            raise KeyError("only one file may have people = true")
        content["legal"], content["keep"] = _legal(content["legal"]), _keep(content.get("keep", {}))
        if "classes" in content:
            content["classes"] = frozenset(map(VisibilityClass, content["classes"]))
        return Source(name=name, files=files, services=services, identifiers=identifiers, mapping=mapping, **content)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise DataRefused(
            f"{path}: this description of a source is wrong: {error}. See docs/adding-a-source.md."
        ) from error


def _legal(entry: dict[str, Any]) -> Legal:
    unsaid = [name for name, words in entry.items() if not isinstance(words, str) or not words.strip()]
    if unsaid:
        raise ValueError(f"[legal] {', '.join(unsaid)} must be words")
    return Legal(**entry)


def _keep(entry: dict[str, Any]) -> Keep:
    wrong = [name for name, number in entry.items() if type(number) is not int or number < 0]
    if wrong:
        raise ValueError(f"[keep] {', '.join(wrong)} must be whole years")
    found = Keep(**entry)
    if found.age_from is not None and found.age_to is not None and found.age_from > found.age_to:
        raise ValueError("[keep] age_from is above age_to")
    return found


def _service(entry: dict[str, Any]) -> Service:
    return Service(**{"age_from": None, "age_to": None, "sensitive": False, **entry})


def _file(entry: dict[str, Any]) -> FileSpec:
    marks = {**entry.get("expected", {}), **entry.get("optional", {})}
    lists = {name: tuple(entry.get(name, ())) for name in _LISTS}
    strangers = set(lists["codes"]) - set(marks)
    if strangers:
        raise KeyError(f"codes of {entry['name']}: {', '.join(sorted(strangers))} is no column of it")
    return FileSpec(**{**_FILE_DEFAULTS, **entry, **lists, "marks": marks})


_LISTS = ("expected", "optional", "never_read", "restriction_columns", "codes")

_FILE_DEFAULTS: dict[str, Any] = {
    "required": False,
    "people": False,
    "restricts": False,
    "key": None,
    "min_rows": 1,
    "max_rows": 50_000_000,
}


def _module(folder: Path) -> ModuleType:
    if folder.parent == HERE:
        return importlib.import_module(f"loaders.sources.{folder.name}.mapping")
    spec = importlib.util.spec_from_file_location(f"{folder.name}_mapping", folder / "mapping.py")
    if spec is None or spec.loader is None:
        raise AttributeError("mapping.py is missing")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as failure:
        raise AttributeError(f"mapping.py cannot be loaded ({type(failure).__name__}: {failure})") from failure
    return module
