"""A service is one thing whoever reports it: one title, one sensitivity, and closed where any source closes it."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from graph.errors import DataRefused
from loaders.findings import state_of
from loaders.refresh.inputs import add_reference
from loaders.source import Service, Source, discover, every_source, torn_services
from tests.small_source import clinic

SOURCES = discover()


def told(title: str, sensitive: bool) -> Source:
    service = Service("clinic", title, sensitive, None, None)
    return replace(next(iter(SOURCES.values())), services=(service,))


def test_every_source_gives_a_service_one_title_and_one_sensitivity() -> None:
    assert torn_services(SOURCES.values()) == {}


@pytest.mark.parametrize(
    ("others", "torn"),
    [
        ([("Clinic", False)], {}),
        ([("The clinic", False)], {"clinic": "what it is called"}),
        ([("Clinic", True)], {"clinic": "that it is sensitive"}),
        ([("The clinic", True)], {"clinic": "that it is sensitive"}),
    ],
)
def test_sources_that_disagree_are_found(others: list[tuple[str, bool]], torn: dict[str, str]) -> None:
    assert torn_services([told("Clinic", False), *(told(*other) for other in others)]) == torn


@pytest.mark.parametrize(
    ("service_id", "title", "says"),
    [("camhs", "Child and adolescent mental health", "that it is sensitive"), ("gp", "Doctor", "what it is called")],
)
def test_a_source_of_the_council_may_not_open_or_rename_a_service(
    service_id: str, title: str, says: str, tmp_path: Path
) -> None:
    description = clinic(tmp_path) / "clinic" / "source.toml"
    told = description.read_text(encoding="utf-8").replace('service_id = "clinic"', f'service_id = "{service_id}"')
    description.write_text(told.replace(f'"{service_id}"\ntitle = "Clinic"', f'"{service_id}"\ntitle = "{title}"'))
    with pytest.raises(DataRefused, match=f"source clinic: .* {service_id} {says}"):
        every_source(own=tmp_path)


@pytest.mark.parametrize("order", [(True, False), (False, True), (False, False)])
def test_a_service_is_closed_where_any_source_closes_it(order: tuple[bool, ...]) -> None:
    states = [state_of(told("Clinic", sensitive), date(2026, 6, 1), True).as_json() for sensitive in order]
    with duckdb.connect() as connection:
        add_reference(connection, states, "mosaic")
        assert connection.execute("SELECT service_id, sensitive FROM service").fetchall() == [("clinic", any(order))]
