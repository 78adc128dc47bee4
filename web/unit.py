"""A person and the people linked to them, as asked of the viewer's own graph and within the viewer's scope.

A person who is unknown, hidden, or outside the viewer's scope is None here: pages answer all three alike.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from graph.classes import VisibilityClass
from graph.history import heirs, led_to, parts, read_history
from web.present.freshness import Provenance, Source, Sources, provenance, read_sources, source_title
from web.present.identity import Told, identities
from web.present.people import Person, person
from web.present.relationship import Relative, relatives
from web.present.rows import Row, text
from web.present.services import Held
from web.viewer import Viewer, build_sources, current_viewer, live_build, web_settings


@dataclass(frozen=True, slots=True)
class Opened:
    """A person this viewer may open, and what every page about them needs. `on` is the day the build is as at."""

    viewer: Viewer
    centre: Person
    source: Provenance
    sources: Sources
    on: date

    @property
    def restricted(self) -> bool:
        """Whether only name, sex, date of birth and one holder of parental responsibility may be shown."""
        return self.centre.shielded and self.viewer.visibility is not VisibilityClass.SHIELD

    @property
    def hides_sensitive(self) -> bool:
        """Whether this viewer's graph holds no sensitive services."""
        return self.viewer.visibility is VisibilityClass.STANDARD

    @property
    def linkers(self) -> list[Source]:
        """The sources whose links make this unit, connected ones only."""
        named = self.viewer.unit_sources()
        return [
            source
            for source in self.sources.values()
            if source.connected and (source.name in named if named else source.makes_units)
        ]

    @property
    def linker_titles(self) -> list[str]:
        """Titles of the systems named by the journey; none where any source may link people."""
        return [source_title(name, self.sources) for name in self.viewer.unit_sources()]

    @property
    def within(self) -> str:
        """What the people shown are taken from, where that is not everybody linked: Leeds, off the caseload itself."""
        on_it = {str(row["person_id"]) for row in self.viewer.caseload()} if self.viewer.scope()["scoped"] else None
        return "" if on_it is None or self.centre.id in on_it else "In the families on your caseload,"

    def told(self, family: Sequence[Relative]) -> Mapping[str, tuple[Told, ...]]:
        """Who says what each person of a page is called and when they were born, by person id."""
        if self.restricted:
            return {}
        people = {one.id: one for one in (self.centre, *(relative.person for relative in family))}
        told = identities(self.asking("records_of", person_ids=list(people)), people, self.sources)
        return {self.centre.id: (Told(self.source, ""),), **told}

    def record_sources(
        self, person_ids: Sequence[str], told: Mapping[str, Sequence[Told]] | None = None
    ) -> Mapping[str, list[str]]:
        """Names of the sources that hold a record of each of these people, by person id; only who is not in `told` is
        asked for.
        """
        found = {person_id: {one.provenance.source for one in records} for person_id, records in (told or {}).items()}
        others = [person_id for person_id in person_ids if person_id not in found]
        for row in self.asking("records_of", person_ids=others) if others and not self.restricted else ():
            found.setdefault(str(row["person_id"]), set()).add(text(row, "source") or "")
        return {person_id: sorted(names) for person_id, names in found.items()}

    def asking(self, name: str, /, **parameters: object) -> Iterable[Row]:
        """Ask the catalogue as the viewer may."""
        return self.viewer.ask(name, **parameters)

    def held(self, person_ids: Sequence[str]) -> Held:
        """The spells of service, plans and dated facts of these people."""
        return Held(*(list(self.asking(name, person_ids=person_ids)) for name in ("involvements", "plans", "events")))

    def family(self) -> list[Relative]:
        """The linked people, nearest kin first; nobody for a restricted record."""
        if self.restricted:
            return []
        rows = self.asking("family_unit", person_id=self.centre.id, sources=self.viewer.unit_sources())
        return relatives(rows, self.centre, self.sources, self.on)


def open_person(person_id: str) -> Opened | None:
    """The person of that id, or None where this viewer has nobody of that id to open."""
    viewer = current_viewer()
    if viewer.scope()["scoped"] and not viewer.may_open(person_id):
        return None
    rows = viewer.ask("person", person_id=person_id)
    if not rows:
        return None
    on = live_build().as_at
    sources = read_sources(build_sources(), on, web_settings().stale_days)
    return Opened(viewer, person(rows[0], on), provenance(rows[0], sources), sources, on)


def moved_to(person_id: str) -> str | None:
    """The id in use today of an id that was merged into another; None for any other id."""
    return _moved(live_build().folder).get(person_id)


def heirs_of(person_id: str) -> list[str]:
    """That id and every id that a record of its person may have in the live build."""
    return heirs(_onward(live_build().folder), person_id)


@lru_cache(maxsize=4)
def _onward(build: Path) -> Mapping[str, Sequence[str]]:
    """A published build never changes."""
    return parts(read_history(build))


@lru_cache(maxsize=4)
def _moved(build: Path) -> Mapping[str, str]:
    """A published build never changes."""
    return led_to(read_history(build))


def ids(centre: Person, family: Sequence[Relative]) -> list[str]:
    """Ids of everybody a page about this family lists."""
    return [centre.id, *(one.person.id for one in family)]
