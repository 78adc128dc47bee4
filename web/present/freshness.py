"""Who said so, and how fresh it is: the sources of the live build, and the provenance every fact carries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from graph.classes import VisibilityClass
from web.present.dates import day_words
from web.present.rows import Row, day, listed, text


@dataclass(frozen=True, slots=True)
class ServiceRule:
    """A service a source tells of, and the ages (in years, inclusive) it is asked about."""

    service_id: str
    title: str
    sensitive: bool
    age_from: int | None
    age_to: int | None


@dataclass(frozen=True, slots=True)
class Source:
    """One source of the live build. `stale` means a newer extract is overdue, `switched_off` that the council keeps its
    gate closed. Only readers of `classes` are shown anything of it; one `about_places` says nothing of a person.
    """

    name: str
    title: str
    frequency: str
    connected: bool
    extracted_on: date | None
    coverage: str
    makes_units: bool
    stale: bool
    services: tuple[ServiceRule, ...]
    switched_off: bool = False
    classes: frozenset[str] = frozenset(VisibilityClass)
    about_places: bool = False
    lawful_basis: str = ""
    onward_sharing: str = ""

    @property
    def extracted(self) -> str:
        """The day its extract was taken, in words."""
        return day_words(self.extracted_on) if self.extracted_on else "date not recorded"

    @property
    def absent(self) -> str:
        """Why nothing of it can be here for any reader; empty for a source that was read."""
        if self.connected:
            return ""
        return "switched off by the council" if self.switched_off else "not connected"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where one fact came from, and with whom it may be shared, in words."""

    source: str
    title: str
    extracted: str
    updated: str
    frequency: str
    row: str
    stale: bool
    lawful_basis: str = ""
    onward_sharing: str = ""
    updated_on: date | None = None

    @property
    def short_line(self) -> str:
        """The source and the day it last changed the fact, for print: the extract's day stands once on each page."""
        return f"{self.title}, last updated {self.updated}"


Sources = Mapping[str, Source]


def read_sources(entries: Iterable[Mapping[str, object]], today: date, stale_days: int) -> dict[str, Source]:
    """The sources of a build's `sources.json`, by name.

    A source is stale when its extract is older than both `stale_days` and its own rhythm, in days.
    """
    return {source.name: source for source in (_source(entry, today, stale_days) for entry in entries)}


def provenance(row: Row, sources: Sources) -> Provenance:
    """The provenance of a row of the graph, with its source's rhythm."""
    name = text(row, "source") or ""
    source = sources.get(name)
    extracted, updated = day(row, "extracted_on"), day(row, "updated_on")
    return Provenance(
        source=name,
        title=source_title(name, sources),
        extracted=day_words(extracted) if extracted else "on a day not recorded",
        updated=day_words(updated) if updated else "not recorded",
        frequency=source.frequency if source else "at a rhythm not recorded",
        row=text(row, "source_row") or "",
        stale=source.stale if source else False,
        lawful_basis=source.lawful_basis if source else "",
        onward_sharing=source.onward_sharing if source else "",
        updated_on=updated,
    )


def printed(told: Sequence[tuple[str, Provenance]]) -> str:
    """Who tells of each thing, as it is printed: with the day of each where they are few, else with the latest day."""
    if len(told) <= FEW:
        return "; ".join(f"{what}: {one.short_line}" if what else one.short_line for what, one in told)
    by_thing: dict[str, list[str]] = {}
    for what, one in told:
        by_thing.setdefault(what, []).append(one.title)
    named = "; ".join(f"{what}: {listed(who)}" if what else listed(who) for what, who in by_thing.items())
    latest = max((one.updated_on for _, one in told if one.updated_on), default=None)
    return f"{named}; last updated {day_words(latest)}" if latest else f"{named}; last updated not recorded"


FEW = 3
"""Tellings up to which each is printed with a day of its own."""


def source_title(name: str, sources: Sources) -> str:
    """How the pages call a source."""
    source = sources.get(name)
    return source.title if source else _UNLISTED.get(name, name)


DERIVED = "Worked out by us"
_UNLISTED = {"": "Source not recorded", "derived": DERIVED}


def _source(entry: Mapping[str, object], today: date, stale_days: int) -> Source:
    extracted = _date(entry.get("extracted_on"))
    days = entry.get("frequency_days")
    patience = max(stale_days, days if isinstance(days, int) else 0)
    services, classes = entry.get("services"), entry.get("classes")
    return Source(
        name=str(entry["source"]),
        title=str(entry.get("title") or entry["source"]),
        frequency=str(entry.get("frequency") or "at a rhythm not recorded"),
        connected=entry.get("connected") is True,
        extracted_on=extracted,
        coverage=str(entry.get("coverage") or ""),
        makes_units=entry.get("makes_units") is True,
        stale=extracted is not None and (today - extracted).days > patience,
        services=tuple(_rule(rule) for rule in services if isinstance(rule, Mapping))
        if isinstance(services, list)
        else (),
        switched_off=entry.get("switched_off") is True,
        classes=frozenset(map(str, classes)) if isinstance(classes, list) else frozenset(VisibilityClass),
        about_places=entry.get("about") == "places",
        lawful_basis=str(entry.get("lawful_basis") or ""),
        onward_sharing=str(entry.get("onward_sharing") or ""),
    )


def _rule(rule: Mapping[str, object]) -> ServiceRule:
    age_from, age_to = rule.get("age_from"), rule.get("age_to")
    return ServiceRule(
        service_id=str(rule["service_id"]),
        title=str(rule.get("title") or rule["service_id"]),
        sensitive=rule.get("sensitive") is True,
        age_from=age_from if isinstance(age_from, int) else None,
        age_to=age_to if isinstance(age_to, int) else None,
    )


def _date(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else None
