"""A person and the people linked to them, as asked of the viewer's own graph and within the viewer's scope.

A person who is unknown, hidden, or outside the viewer's scope is None here: pages answer all three alike.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from graph.classes import VisibilityClass
from queries.catalogue import ask, catalogue
from web.present.freshness import Provenance, Source, Sources, provenance, read_sources, source_title
from web.present.people import Person, person
from web.present.relationship import Relative, relatives
from web.present.rows import Row
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

    def asking(self, name: str, /, **parameters: object) -> Iterable[Row]:
        """Ask the catalogue; a query that can be scoped always is."""
        if any(parameter.name == "scoped" for parameter in catalogue()[name].parameters):
            parameters |= self.viewer.scope()
        return ask(self.viewer.reader(), name, **parameters)

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
    rows = ask(viewer.reader(), "person", person_id=person_id)
    if not rows:
        return None
    on = live_build().as_at
    sources = read_sources(build_sources(), on, web_settings().stale_days)
    return Opened(viewer, person(rows[0], on), provenance(rows[0], sources), sources, on)


def ids(centre: Person, family: Sequence[Relative]) -> list[str]:
    """Ids of everybody a page about this family lists."""
    return [centre.id, *(one.person.id for one in family)]
