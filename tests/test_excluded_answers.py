"""People who do not exist for one reader: every answer of the catalogue is that of the graph without them.

Random families, and networkx to take a person out of the graph with what is only theirs; asked of the real engine. The
name of an excluded holder of parental responsibility is taken out too: the answer is blank, not the next holder.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

import queries.catalogue
from graph.bolt import Reader
from graph.bulk import NodeRow
from graph.classes import VisibilityClass
from graph.search import PeopleIndex, Query, SearchRecord, build_index, names_of
from queries.catalogue import ask, catalogue
from tests.leak_cases import Probe, class_rows, cut, probes
from tests.leak_facts import families
from tests.query_graphs import EMBEDDED, empty_graph, fill

FAMILIES = 16
SHIELD = VisibilityClass.SHIELD


@dataclass(frozen=True)
class Excluded:
    """The graph, the graph that never held one person of each family, who that is, and what both are asked."""

    whole: Reader
    without: Reader
    people: list[str]
    asked: list[Probe]

    def differing(self, name: str) -> list[Probe]:
        """Questions of that name whose answer is not that of the graph without them."""
        return [probe for probe in self._of(name) if self.told(probe) != rows(self.without, probe)]

    def told(self, probe: Probe) -> list[dict[str, Any]]:
        """The answer to somebody for whom these people do not exist."""
        return rows(self.whole, probe, excluded=self.people)

    def matters(self, name: str) -> bool:
        """Whether leaving them out changes an answer at all: else the comparison proves nothing."""
        return any(rows(self.whole, probe) != rows(self.without, probe) for probe in self._of(name))

    def _of(self, name: str) -> Iterator[Probe]:
        return (probe for probe in self.asked if probe.name == name)


def rows(reader: Reader, probe: Probe, **excluded: list[str]) -> list[dict[str, Any]]:
    return list(ask(reader, probe.name, **probe.parameters, **excluded))


@pytest.fixture(scope="module")
def excluded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Excluded]:
    parts = families(9, FAMILIES, hidden=0.7)
    whole = class_rows(parts, SHIELD, tmp_path_factory.mktemp("excluded"))
    everybody = {str(one["person_id"]): one for label, one in whole.nodes if label == "Person"}
    holders = {str(one["pr_holder"]) for one in everybody.values() if "pr_holder" in one}
    people = [
        next((who for who, one in everybody.items() if who.startswith(f"c{number}-") and _name(one) in holders),
             f"c{number}-person{number % 3}")
        for number in range(FAMILIES)
    ]  # fmt: skip
    asked = [probe for number, part in enumerate(parts) for probe in probes(number, part, SHIELD, None, whole)]
    asked.append(Probe("caseload_sizes", {"sources": []}))
    with (
        empty_graph(EMBEDDED, "excluded_whole") as (writer, one),
        empty_graph(EMBEDDED, "excluded_without") as (other_writer, other),
    ):
        left = cut(whole, set(everybody) - set(people))
        named = {_name(one) for who, one in everybody.items() if who in people}
        fill(writer, whole.nodes, whole.edges)
        fill(other_writer, [_unnamed(node, named) for node in left.nodes], left.edges)
        yield Excluded(one, other, people, asked)


def _name(person: Mapping[str, object]) -> str:
    return f"{person['forename']} {person['surname']}"


def _unnamed(node: NodeRow, named: Collection[object]) -> NodeRow:
    label, properties = node
    return label, {name: value for name, value in properties.items() if name != "pr_holder" or value not in named}


@pytest.mark.parametrize("name", list(catalogue()))
def test_every_answer_is_that_of_the_graph_without_them(excluded: Excluded, name: str) -> None:
    assert excluded.differing(name)[:2] == []
    assert excluded.matters(name)


@pytest.mark.parametrize("name", [one for one in catalogue() if one != "person"])
def test_a_question_that_forgets_them_is_caught(excluded: Excluded, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Negative control: each place where a question leaves them out, taken away alone, changes some answer."""
    whole = catalogue()[name]
    parts = whole.text.split(".person_id IN $excluded")
    assert len(parts) > 1
    for place in range(1, len(parts)):
        text = ".person_id IN $excluded".join(parts[:place]) + ".person_id IN []" + ".person_id IN $excluded".join(
            ["", *parts[place:]]
        ).removeprefix(".person_id IN $excluded")  # fmt: skip
        faulty = replace(whole, text=text + "\n// $excluded")
        monkeypatch.setattr(queries.catalogue, "named", lambda asked, faulty=faulty: faulty)
        assert excluded.differing(name), f"place {place}"


def test_an_excluded_holder_of_responsibility_is_not_named(excluded: Excluded, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = catalogue()["person"]
    for found, instead in (("p.pr_holder IN unnamed", "false"), ("NOT p.person_id IN $excluded", "true")):
        assert found in whole.text
        faulty = replace(whole, text=whole.text.replace(found, instead))
        monkeypatch.setattr(queries.catalogue, "named", lambda asked, faulty=faulty: faulty)
        assert excluded.differing("person"), found


# --- people search ---------------------------------------------------------------------------------------------------


def test_people_who_do_not_exist_take_nobodys_place_in_a_search(tmp_path: Path) -> None:
    """More people fit than are scored: whoever is left out must not take a place among the few hundred."""
    crowd = [SearchRecord(f"p{number:04}", names_of("Kate", "Williams"), place=str(number)) for number in range(260)]
    gone = frozenset(record.person_id for record in crowd[:230])
    build_index(tmp_path / "whole", crowd)
    build_index(tmp_path / "without", [record for record in crowd if record.person_id not in gone])
    whole, without = PeopleIndex.open(tmp_path / "whole"), PeopleIndex.open(tmp_path / "without")
    asked = Query.from_form(surname="Williams", forename="Kate")
    assert whole.search(asked, excluded=gone) == without.search(asked)
    assert len(without.search(asked).hits) == 20
    assert whole.search(asked) != without.search(asked)
