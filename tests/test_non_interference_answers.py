"""What a viewer may not see changes no answer: not of the catalogue, not of people search.

One level above test_non_interference: the class graphs are loaded into the real engine, and each question must be
answered alike over G and over G with everything invisible taken out first. For the Leeds scope the same is said of
everybody outside the unit. Deliberate disclosures are `EXCEPTIONS` there, and nothing else.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pytest

import queries.catalogue
from graph.bolt import Reader
from graph.classes import VisibilityClass
from graph.search import PeopleIndex, Query, build_index
from loaders.refresh.classes import ClassGraph
from loaders.refresh.search_rows import search_records
from queries.catalogue import catalogue
from tests.leak_cases import (
    KNOWS_THAT_THEY_EXIST,
    UNKNOWN,
    GraphRows,
    Probe,
    answer,
    class_rows,
    cut,
    key_of,
    probes,
    unit_of,
    without_communal,
)
from tests.leak_facts import families, merged, services_of, shielded_people, visible
from tests.query_graphs import EMBEDDED, empty_graph, fill
from tests.small_council import Facts, connection_of

FAMILIES = 40
ASKED = {VisibilityClass.STANDARD: FAMILIES, VisibilityClass.SENSITIVE: 15, VisibilityClass.RESEARCH: 10}
"""How many of the families each class is asked about: a graph of all costs little, a question of all costs minutes."""

SCOPED = 25
HIDING = (VisibilityClass.STANDARD, VisibilityClass.SENSITIVE, VisibilityClass.RESEARCH)
STANDARD, SHIELD = VisibilityClass.STANDARD, VisibilityClass.SHIELD


@dataclass(frozen=True)
class Pair:
    """Two graphs that must answer alike, and what both are asked."""

    whole: Reader
    other: Reader
    asked: list[Probe]

    @cached_property
    def answers(self) -> list[list[dict[str, object]]]:
        """What the first answers to everything asked, as the program stands."""
        return [answer(self.whole, probe) for probe in self.asked]

    def differing(self) -> list[Probe]:
        """The questions they answer differently."""
        both = zip(self.asked, self.answers, strict=True)
        return [probe for probe, said in both if answer(self.other, probe) != said]

    def differ(self, name: str) -> bool:
        """Whether they answer some question of that name differently now."""
        return any(answer(self.whole, one) != answer(self.other, one) for one in self.asked if one.name == name)


@pytest.fixture(scope="module")
def spill(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("leaks")


@pytest.fixture(scope="module")
def hidden(spill: Path) -> Iterator[dict[str, Pair]]:
    """For each class that hides something: its graph, and its graph of what is left without the hidden."""
    parts = families(1, FAMILIES)
    desk = class_rows(parts, SHIELD, spill)
    with ExitStack() as stack:
        pairs = {}
        for cls in HIDING:
            whole = class_rows(parts, cls, spill)
            seen = class_rows([visible(part, cls) for part in parts], cls, spill)
            # A hidden place is asked about too, by the id under which the shield desk has it.
            asked = [
                one
                for number, part in enumerate(parts[: ASKED[cls]])
                for one in probes(number, part, cls, None, whole, desk)
            ]
            asked.append(Probe("caseload_sizes", {"sources": ["mosaic"]}))
            pairs[cls.value] = Pair(
                _loaded(stack, f"{cls}_whole", whole), _loaded(stack, f"{cls}_seen", seen), asked
            )  # fmt: skip
        yield pairs


@pytest.fixture(scope="module")
def scoped(spill: Path) -> Iterator[dict[str, Pair]]:
    """For a class that hides and one that does not: its graph, and what the units of one worker each hold of it."""
    parts = families(2, FAMILIES, hidden=0.2)
    with ExitStack() as stack:
        pairs = {}
        for cls in (STANDARD, SHIELD):
            whole = class_rows(parts, cls, spill)
            units = [unit_of(whole, number) for number in range(FAMILIES)]
            asked = [
                one
                for number, part in enumerate(parts[:SCOPED])
                for one in probes(number, part, cls, units[number], whole)
            ]
            unit = cut(whole, set().union(*units))
            pairs[cls.value] = Pair(
                _loaded(stack, f"{cls}_everybody", whole), _loaded(stack, f"{cls}_units", unit), asked
            )  # fmt: skip
        yield pairs


@pytest.fixture(scope="module")
def communal(spill: Path, hidden: dict[str, Pair]) -> Iterator[Pair]:
    """The standard graph, and the same where nobody lived at a communal place: asked who lived together."""
    pair = hidden[STANDARD.value]
    with ExitStack() as stack:
        other = without_communal(class_rows(families(1, FAMILIES), STANDARD, spill))
        asked = [one for one in pair.asked if one.name == "shared_address"]
        yield Pair(pair.whole, _loaded(stack, "no_communal", other), asked)


def _loaded(stack: ExitStack, name: str, rows: GraphRows) -> Reader:
    writer, reader = stack.enter_context(empty_graph(EMBEDDED, f"leaks_{name}"))
    fill(writer, rows.nodes, rows.edges)
    return reader


@pytest.mark.parametrize("cls", HIDING)
def test_the_invisible_changes_no_answer(hidden: dict[str, Pair], cls: VisibilityClass) -> None:
    assert hidden[cls.value].differing()[:3] == []


@pytest.mark.parametrize("cls", [STANDARD, SHIELD])
def test_nobody_outside_the_units_changes_a_scoped_answer(scoped: dict[str, Pair], cls: VisibilityClass) -> None:
    assert scoped[cls.value].differing()[:3] == []


def test_a_communal_place_joins_nobody(communal: Pair) -> None:
    assert communal.differing()[:3] == []


@pytest.mark.parametrize("cls", HIDING)
def test_a_hidden_person_is_answered_as_an_unknown_id(hidden: dict[str, Pair], cls: VisibilityClass) -> None:
    """In `research` not even their existence shows; elsewhere it does, and nothing else."""
    reader, asked = hidden[cls.value].whole, hidden[cls.value].asked
    people = {key_of(cls, "Person", one) for part in families(1, FAMILIES) for one in shielded_people(part)}
    tried = Counter[str]()
    for probe in asked:
        knows = cls is not VisibilityClass.RESEARCH and probe.name in KNOWS_THAT_THEY_EXIST
        if probe.about in people and not knows:
            tried[probe.name] += 1
            unknown = {name: UNKNOWN if name != "record_id" and value == probe.about else value
                       for name, value in probe.parameters.items()}  # fmt: skip
            assert answer(reader, probe) == answer(reader, probe._replace(parameters=unknown)) == [], probe.name
    assert len(tried) >= 5
    assert min(tried.values()) > ASKED[cls]


@pytest.mark.parametrize("cls", [STANDARD, VisibilityClass.SENSITIVE])
def test_in_a_list_of_people_a_hidden_one_counts_for_nothing(hidden: dict[str, Pair], cls: VisibilityClass) -> None:
    reader = hidden[cls.value].whole
    for part in families(1, FAMILIES):
        everybody = list(dict.fromkeys(part.people.values()))
        shown = [one for one in everybody if one not in shielded_people(part)]
        for name in ("links_between", "involvements", "plans", "events", "addresses", "records_of"):
            assert answer(reader, Probe(name, {"person_ids": everybody})) == answer(
                reader, Probe(name, {"person_ids": shown})
            )


def test_a_place_hidden_under_one_name_is_hidden_under_its_others(spill: Path) -> None:
    """A neighbour's row tells that the hidden number and another text are one place."""
    facts = Facts()
    for who, text, uprn, hidden in (
        ("child", "1 Elm Row", "u1", True), ("neighbour", "Elm Cottage", "u1", False),
        ("child", "Elm Cottage", None, False), ("child", "2 Ash Way", "u2", False),
    ):  # fmt: skip
        facts.add("address", record_id=who, text=text, uprn=uprn, hidden=hidden, postcode="AA1 1AA", type="home")
    for who in ("child", "neighbour"):
        facts.add("person", record_id=who, forename=who, surname="Elm", sex="F", status="alive", restricted=False)
        facts.people["mosaic", who] = who
    rows = class_rows([facts], STANDARD, spill)
    places = {one["address_id"]: one["text"] for label, one in rows.nodes if label == "Address"}
    lived = {(who, places[place]) for who, place, _ in rows.linked("LIVED_AT")}
    assert lived == {("child", "2 Ash Way"), ("neighbour", "Elm Cottage")}


def test_every_question_is_asked_and_often_has_an_answer(hidden: dict[str, Pair], scoped: dict[str, Pair]) -> None:
    """A property over empty answers proves nothing; a new question must be put here as well."""
    answered: Counter[str] = Counter()
    for pair in (hidden[STANDARD.value], scoped[SHIELD.value]):
        answered.update(probe.name for probe, said in zip(pair.asked, pair.answers, strict=True) if said)
    assert answered.keys() == catalogue().keys()
    assert {name for name, number in answered.items() if number < 20} == {"caseload_sizes"}


@dataclass(frozen=True)
class Leak:
    """A fault put into one query: the text taken out, what stands instead, and the property that must see it."""

    query: str
    found: str
    instead: str
    seen_by: str


LEAKS = {
    "scope forgotten for the member": Leak("family_unit", " AND (NOT $scoped OR m.person_id IN $allowed)", "", "scope"),
    "scope forgotten for the person": Leak("family_unit", "(NOT $scoped OR p.person_id IN $allowed)", "true", "scope"),
    "network led outside the unit": Leak(
        "neighbours", "NOT o.person_id IN $excluded AND (NOT $scoped OR o.person_id IN $allowed)", "true", "scope",
    ),
    "counted before the filter": Leak(
        "neighbour_counts", "(NOT $scoped OR o.person_id IN $allowed)", "true", "scope",
    ),
    "counts for anybody": Leak("neighbour_counts", "(NOT $scoped OR p.person_id IN $allowed)", "true", "scope"),
    "neighbours at home outside the unit": Leak(
        "shared_address", "NOT o.person_id IN $excluded AND (NOT $scoped OR o.person_id IN $allowed)", "true", "scope",
    ),
    "links to whoever else": Leak("links_between", "b.person_id IN $person_ids", "true", "scope"),
    "a unit of two steps": Leak("caseload_units", "-[makes:RELATED_TO]-(m:Person)",
                                "-[:RELATED_TO]-(:Person)-[makes:RELATED_TO]-(m:Person)", "scope"),
    "everybody the worker's clients live with": Leak(
        "caseload_units",
        "-[makes:RELATED_TO]-(m:Person)\n"
        "WHERE NOT m.person_id IN $excluded AND (size($sources) = 0 OR makes.source IN $sources)",
        "-[:LIVED_AT]->(:Address)<-[:LIVED_AT]-(m:Person)", "scope",
    ),
    "services of whoever has the same worker": Leak(
        "involvements", "(p:Person {person_id: one})-[:HAD]->(i:Involvement)",
        "(:Person {person_id: one})-[:HAD]->(:Involvement)-[:LED_BY]->(:Practitioner)<-[:LED_BY]-(i:Involvement)"
        "<-[:HAD]-(p:Person)", "scope",
    ),
    "limit before filter": Leak(
        "links_between", "WHERE b.person_id IN $person_ids",
        "WITH a, r, b ORDER BY b.person_id DESC LIMIT 2\nWITH a, r, b\nWHERE b.person_id IN $person_ids", "scope",
    ),
    "a communal place joins people": Leak("shared_address", "NOT coalesce(a.communal, false) AND", "", "communal"),
    "order by a hidden service": Leak("family_unit", "ORDER BY", "ORDER BY m.sensitive_involved DESC,", "hidden"),
    "left out for a hidden service": Leak(
        "caseload", "WITH DISTINCT worker, p\n", "WITH DISTINCT worker, p WHERE NOT p.sensitive_involved\n", "hidden"
    ),
    "found by the holder of responsibility": Leak(
        "search", "toLower(p.surname) = toLower($surname)",
        "(toLower(p.surname) = toLower($surname) AND p.pr_holder IS NULL)", "hidden",
    ),
}  # fmt: skip


@pytest.mark.parametrize("leak", LEAKS)
def test_a_seeded_leak_is_caught(
    hidden: dict[str, Pair],
    scoped: dict[str, Pair],
    communal: Pair,
    monkeypatch: pytest.MonkeyPatch,
    leak: str,
) -> None:
    """Negative control: each of these would be a leak, and each must be seen by the property it belongs to."""
    one = LEAKS[leak]
    whole = catalogue()[one.query]
    assert one.found in whole.text
    faulty = replace(whole, text=whole.text.replace(one.found, one.instead))
    monkeypatch.setattr(queries.catalogue, "named", lambda name: faulty if name == one.query else catalogue()[name])
    pair = {"hidden": hidden[STANDARD.value], "scope": scoped[SHIELD.value], "communal": communal}[one.seen_by]
    assert pair.differ(one.query)


def test_another_class_than_ones_own_is_caught(hidden: dict[str, Pair]) -> None:
    mine, essential = hidden[STANDARD.value], hidden[VisibilityClass.SENSITIVE.value]
    assert Pair(essential.whole, mine.other, mine.asked[:400]).differ("involvements")


# --- people search ----------------------------------------------------------------------------------------------------


def _index(parts: list[Facts], cls: VisibilityClass, folder: Path, spill: Path) -> PeopleIndex:
    services = [service for number in range(len(parts)) for service in services_of(number)]
    connection = connection_of(merged(parts), spill, services=services)
    graph = ClassGraph(connection, cls)
    build_index(folder, search_records(connection, {"mosaic": "Mosaic"}))
    graph.close()
    connection.close()
    return PeopleIndex.open(folder)


def _queries(part: Facts, number: int) -> Iterator[Query]:
    for row in part.person[:3]:
        yield Query.from_form(surname=row["surname"], forename=row["forename"])
        day, month = str(row["dob"].day), str(row["dob"].month)
        yield Query.from_form(surname=row["surname"], dob_day=day, dob_month=month)
        yield Query.from_form(record_id=row["record_id"])
    for row in part.address[:4]:
        yield Query.from_form(surname=f"Family{number}", address=row["text"])
        yield Query.from_form(address=row["text"], postcode=row["postcode"])


@pytest.mark.parametrize("cls", [STANDARD, VisibilityClass.SENSITIVE])
def test_the_invisible_changes_no_search(spill: Path, cls: VisibilityClass, tmp_path: Path) -> None:
    parts = families(1, 12)
    whole = _index(parts, cls, tmp_path / "whole", spill)
    seen = _index([visible(part, cls) for part in parts], cls, tmp_path / "seen", spill)
    found = 0
    for number, part in enumerate(parts):
        for query in _queries(part, number):
            one, other = whole.search(query, 5), seen.search(query, 5)
            assert one == other
            found += bool(one.hits)
    assert found > 50


def test_a_search_index_of_another_class_is_caught(spill: Path, tmp_path: Path) -> None:
    parts = families(1, 12)
    wrong = _index(parts, SHIELD, tmp_path / "wrong", spill)
    seen = _index([visible(part, STANDARD) for part in parts], STANDARD, tmp_path / "seen", spill)
    asked = [query for number, part in enumerate(parts) for query in _queries(part, number)]
    assert any(wrong.search(query, 5) != seen.search(query, 5) for query in asked)
