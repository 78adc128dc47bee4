"""The social care extracts of an invented council: one truth in five systems, as a loader reads them."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq
import pytest

from loaders.check import CheckResult, check
from loaders.clean.agencies import is_sensitive, service_of
from loaders.council.stories import PARTNERS
from tests.councils import Extract, council, extract

SOURCES = ("mosaic", "lcs", "ehm", "etaf", "las")
PEOPLE = 20_000


@cache
def loaded() -> tuple[CheckResult, dict[str, list[dict[str, Any]]]]:
    """What the loader makes of the five, with the standard rows of each table."""
    made = extract(PEOPLE)
    with TemporaryDirectory() as work:
        extracts = Path(work) / "extracts"
        extracts.mkdir()
        for name in (*SOURCES, "manifest.toml"):
            (extracts / name).symlink_to(made.folder / name)
        result = check(extracts, Path(work) / "out")
        rows = {
            table: [row for path in paths for row in pq.read_table(path).to_pylist()]
            for table, paths in result.tables.items()
        }
    return result, rows


def of(table: str, source: str) -> Iterator[dict[str, Any]]:
    return (row for row in loaded()[1][table] if row["source"] == source)


def test_every_file_loads_and_hardly_a_row_is_put_aside() -> None:
    result, _ = loaded()
    assert not result.problems, [str(problem) for problem in result.problems]
    named = {report.source for report in result.files}
    assert named == set(SOURCES)
    for report in result.files:
        assert report.rows == report.loaded + report.quarantined
        assert report.quarantined <= max(3, report.rows * 0.002), report


@pytest.mark.parametrize("source", ["ehm", "etaf", "las"])
def test_everybody_in_it_has_their_truth_and_their_liquidlogic_id_is_their_own(source: str) -> None:
    made = extract(PEOPLE)
    who, rows = made.entities(), made(f"{source}/people")
    assert {(source, row["person_id"]) for row in rows} <= set(who)
    linked = [(who[source, row["person_id"]], who["lcs", row["llid"]]) for row in rows if row["llid"]]
    assert len(linked) > 20
    assert all(one == other for one, other in linked)


def test_the_life_before_an_adoption_is_nowhere_in_early_help_beside_the_life_after() -> None:
    """Of a child adopted, no system of early help or adult care holds the first life, nor any number of it."""
    people, who = {one.entity_id: one for one in council(PEOPLE).people}, extract(PEOPLE).entities()
    for source in ("ehm", "etaf", "las"):
        held = [people[entity] for (name, _), entity in who.items() if name == source]
        assert not [one for one in held if one.superseded and not any(s.kind == "REL.ASC" for s in one.spells)]


@pytest.mark.parametrize("source", ["ehm", "etaf", "las"])
def test_the_people_of_the_stories_are_where_they_are_told_to_be(source: str) -> None:
    stories = {one.entity_id: one.forename for one in council(300).stories.people}
    who = extract(300).entities()
    found = sorted(stories[entity] for (name, _), entity in who.items() if name == source and entity in stories)
    assert found == sorted(PARTNERS[source].split())


def test_every_kind_of_plan_is_there_with_its_needs_and_its_author() -> None:
    kinds = {source: Counter(row["kind"] for row in of("plan", source)) for source in SOURCES}
    care = {"assessment", "child in need", "child protection", "care"}
    assert care <= set(kinds["lcs"])
    assert care | {"early help", "adult care"} <= set(kinds["mosaic"])
    assert set(kinds["ehm"]) == set(kinds["etaf"]) == {"early help", "assessment"}
    assert set(kinds["las"]) == {"adult care"}
    for source in SOURCES:
        rows = list(of("plan", source))
        assert sum(bool(row["needs"]) for row in rows) > len(rows) * 0.75, source
        assert sum(bool(row["author"]) for row in rows) > len(rows) * 0.6, source
        assert not [need for row in rows for need in row["needs"] if len(need) < 4], (
            f"{source}: a code nobody put in words"
        )


def test_both_case_systems_tell_one_story_of_a_plan() -> None:
    who = extract(PEOPLE).entities()
    told: dict[str, dict[tuple[object, ...], object]] = {}
    for source in ("mosaic", "lcs"):
        kept = [row for row in of("plan", source) if row["kind"] in ("child protection", "care", "child in need")]
        told[source] = {
            (who[source, row["record_id"]], row["kind"], row["start"]): (row["needs"], row["legal_status"])
            for row in kept
        }
    both = set(told["mosaic"]) & set(told["lcs"])
    assert len(both) > 100
    assert not [key for key in both if told["mosaic"][key] != told["lcs"][key]]


def test_a_withheld_placement_reaches_no_plan_and_its_carers_are_restricted() -> None:
    homes = {one.entity_id: one.residences for one in council(PEOPLE).people if one.hidden_placement}
    hidden = {entity for entity, found in homes.items() if any(home.hidden for home in found)}
    who = extract(PEOPLE).entities()
    plans = [row for source in ("mosaic", "lcs") for row in of("plan", source) if row["kind"] in ("care", "pathway")]
    of_hidden = [row["placement"] for row in plans if who[row["source"], row["record_id"]] in hidden]
    assert len(of_hidden) > 3
    assert set(of_hidden) == {None}
    assert {row["placement"] for row in plans} >= {None, "Foster placement"}
    links = [row for source in ("mosaic", "lcs") for row in of("relationship", source)]
    fostered = [
        row for row in links if row["code"] == "FOSTER_CARER" and who[row["source"], row["to_record"]] in hidden
    ]
    assert {row["source"] for row in fostered} == {"mosaic", "lcs"}
    assert all(row["restricted"] for row in fostered)


def test_groups_hold_whole_families_and_nobody_is_kin_by_them() -> None:
    for source in ("mosaic", "lcs", "ehm", "etaf"):
        rows = [row for row in of("relationship", source) if row["code"] == "FAMILY_GROUP_MEMBER"]
        assert len(rows) > 100, source
        assert {row["parental_responsibility"] for row in rows} == {None}
        members: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            members[row["row_id"].split(":")[0]] |= {row["from_record"], row["to_record"]}
        assert max(map(len, members.values())) <= 15, source


def test_no_agency_of_a_team_is_without_a_service_and_sensitive_ones_are_told_as_such() -> None:
    made: Extract = extract(PEOPLE)
    assert all(service_of(row["agency"]) for row in made("ehm/workers"))
    for source in ("ehm", "etaf"):
        services = Counter(row["service_id"] for row in of("involvement", source))
        assert {"early_help", "school", "health_visiting", "camhs"} <= set(services)
        for row in of("involvement", source):
            if row["organisation"] and not is_sensitive(row["service_id"]):
                assert not is_sensitive(service_of(row["organisation"]) or "camhs"), row["service_id"]


def test_missing_episodes_are_events_of_concern() -> None:
    rows = list(of("event", "lcs"))
    assert {row["kind"] for row in rows} == {"missing episode"}
    assert {row["tone"] for row in rows} == {"concern"}
    assert {row["detail"].partition(",")[0] for row in rows} == {
        "Missing",
        "Away from placement without authorisation",
    }


def test_adult_care_holds_carers_and_a_sensitive_team() -> None:
    assert {row["service_id"] for row in of("involvement", "las")} == {"adult_social_care", "mental_health"}
    flagged = [row for row in of("relationship", "las") if row["is_informal_carer"] or row["code"] == "INFORMAL_CARER"]
    assert len(flagged) > 5
