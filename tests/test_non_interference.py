"""What a class may not see changes nothing in its graph.

For every council G and class u: the graph built from G equals the graph built from G with everything invisible to u
taken out first. Deliberate disclosures stand in EXCEPTIONS and nowhere else.
"""

from collections import Counter
from collections.abc import Collection
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from graph.classes import VisibilityClass
from loaders.refresh import classes
from loaders.refresh.classes import RULES, ClassGraph
from tests.leak_facts import EXCEPTIONS, families, forbidden, merged, otherwise, services_of, visible
from tests.small_council import Facts, connection_of


def rows_of(
    parts: list[Facts], visibility: VisibilityClass, spill: Path, leaving_out: Collection[str] = frozenset(EXCEPTIONS)
) -> Counter[str]:
    """The class's graph as a bag of rows, deliberate disclosures left out."""
    services = [service for number in range(len(parts)) for service in services_of(number)]
    connection = connection_of(merged(parts), spill, services=services)
    graph = ClassGraph(connection, visibility, salt="salt")
    rows: Counter[str] = Counter()
    for label, properties in graph.nodes():
        rows[repr((label, sorted((k, v) for k, v in properties.items() if k not in leaving_out)))] += 1
    for type_, from_label, from_key, to_label, to_key, properties in graph.edges():
        rows[repr((type_, from_label, from_key, to_label, to_key, sorted(properties.items(), key=repr)))] += 1
    assert sum(graph.counts().values()) == sum(rows.values())
    connection.close()
    return rows


def differences(parts: list[Facts], visibility: VisibilityClass, spill: Path) -> list[str]:
    """What the hidden changed: a few rows that differ, or that name a hidden thing outright."""
    seen = rows_of(parts, visibility, spill)
    alone = rows_of([visible(part, visibility) for part in parts], visibility, spill)
    tokens = forbidden(parts, visibility)
    named = [row for row in seen if any(token in row for token in tokens)]
    return _differing(seen, alone) + named[:3]


def other_differences(parts: list[Facts], visibility: VisibilityClass, spill: Path) -> list[str]:
    """What changed, disclosures included, because sources say other things that the class holds nothing of."""
    told = rows_of(parts, visibility, spill, leaving_out=frozenset())
    untold = [otherwise(part, visibility) for part in parts]
    return _differing(told, rows_of(untold, visibility, spill, leaving_out=frozenset()))


def _differing(one: Counter[str], other: Counter[str]) -> list[str]:
    return sorted((one - other).elements())[:3] + sorted((other - one).elements())[:3]


_DRAWN = settings(
    max_examples=4,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
_SEEDS = st.integers(0, 10**9)


@pytest.mark.parametrize("visibility", list(VisibilityClass))
@_DRAWN
@given(seed=_SEEDS)
def test_the_invisible_changes_nothing(tmp_path: Path, visibility: VisibilityClass, seed: int) -> None:
    assert differences(families(seed, 40, hidden=0.5), visibility, tmp_path) == []


@pytest.mark.parametrize("visibility", [one for one in VisibilityClass if one is not VisibilityClass.SHIELD])
@_DRAWN
@given(seed=_SEEDS)
def test_what_a_class_holds_nothing_of_changes_not_even_what_is_disclosed(
    tmp_path: Path, visibility: VisibilityClass, seed: int
) -> None:
    assert other_differences(families(seed, 40, hidden=0.5), visibility, tmp_path) == []


TOLD = "{}source IN (FROM seen.source) AND "
LEAKS = {
    "links of shielded people": (
        "  AND l.from_id NOT IN (FROM seen.hidden_person) AND l.to_id NOT IN (FROM seen.hidden_person)",
        "",
    ),
    "links to shielded people": (" AND l.to_id NOT IN (FROM seen.hidden_person)", ""),
    "restricted links": ("(rules.restricted_links OR l.visibility = 'standard')", "true"),
    "hidden addresses": ("(rules.hidden_addresses OR NOT r.hidden)", "true"),
    "addresses of shielded people": ("  AND r.person_id NOT IN (FROM seen.hidden_person)", ""),
    "sensitive services": ("(rules.sensitive_services OR NOT i.sensitive)", "true"),
    "sensitive services' plans": ("(rules.sensitive_services OR NOT p.sensitive)", "true"),
    "sensitive services' events": ("(rules.sensitive_services OR NOT told.sensitive)", "true"),
    "services of shielded people": ("  AND i.person_id NOT IN (FROM seen.hidden_person)", ""),
    "plans of shielded people": ("  AND p.person_id NOT IN (FROM seen.hidden_person)", ""),
    "events of shielded people": (" WHERE e.person_id NOT IN (FROM seen.hidden_person)", ""),
    "what a hidden placement is": (
        "WHEN rules.hidden_addresses OR NOT p.hidden THEN p.placement",
        "WHEN true THEN p.placement",
    ),
    "a legal status that tells of an adoption": (
        "CASE WHEN rules.restricted_links OR NOT is_adoption_status(legal_status) THEN legal_status END",
        "legal_status",
    ),
    "an order without a name that tells of an adoption": (
        "  AND (rules.restricted_links OR NOT p.status_alone OR NOT is_adoption_status(p.legal_status))\n",
        "",
    ),
    "records of shielded people": (
        "source IN (FROM seen.source) AND person_id NOT IN (FROM seen.hidden_person)",
        "source IN (FROM seen.source)",
    ),
    "workers of hidden services": (" WHERE practitioner_id IN (SELECT practitioner_id FROM seen.involvement)", ""),
    "organisations of hidden workers": (
        " WHERE organisation_id IN (SELECT organisation_id FROM seen.practitioner)",
        "",
    ),
    "sensitive services' names": (
        "    SELECT service_id FROM seen.involvement\n",
        "    SELECT service_id FROM service\n",
    ),
    "residents counted over hidden people": (
        "count(DISTINCT person_id)::DOUBLE AS residents",
        '(SELECT count(*) FROM "full".residence f WHERE f.text_key = any_value(seen.residence.text_key))::DOUBLE '
        "AS residents",
    ),
    "one place known through a hidden row": (
        "min(uprn_id) END AS only_uprn_id FROM seen.home\n",
        'min(uprn_id) END AS only_uprn_id FROM "full".residence\n',
    ),
    "records of other sources": (TOLD.format("") + "person_id NOT IN", "person_id NOT IN"),
    "names of other sources": (" WHERE source IN (FROM seen.source) GROUP BY person_id", " GROUP BY person_id"),
    "links of other sources": (TOLD.format("l.") + "(rules", "(rules"),
    "homes of other sources": (TOLD.format("r."), ""),
    "services of other sources": (TOLD.format("i."), ""),
    "plans of other sources": (TOLD.format("p."), ""),
    "events of other sources": (TOLD.format("told."), ""),
    "why a hidden record was joined": (
        "WHEN told.person_id NOT IN (FROM partly) THEN told.match_basis",
        "WHEN true THEN told.match_basis",
    ),
    "how surely a hidden record was joined": (
        "WHEN told.person_id NOT IN (FROM partly) THEN told.probability",
        "WHEN true THEN told.probability",
    ),
    "joined because of a hidden record": (
        "    WHERE joined AND source_l IN (FROM seen.source) AND source_r IN (FROM seen.source)\n",
        "    WHERE joined\n",
    ),
    "joined by a decision about a hidden record": (
        "    FROM decided WHERE source_l IN (FROM seen.source) AND source_r IN (FROM seen.source)\n",
        "    FROM decided\n",
    ),
    "numbered after a hidden plan": (
        "told_apart(plan_id, source_row)",
        'plan_id || (SELECT count(*) FROM "full".plan o WHERE o.plan_id = p.plan_id AND o.source_row < p.source_row)',
    ),
    "held responsible by another source": (
        "      AND l.source IN (FROM seen.source) AND l.visibility",
        "      AND l.visibility",
    ),
}


@pytest.mark.parametrize("leak", LEAKS)
def test_a_seeded_leak_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, leak: str) -> None:
    """Negative control: with one filter taken out of the product's SQL a property above must fail."""
    found, replaced = LEAKS[leak]
    whole = classes._sql
    assert whole("class.sql").count(found) == 1
    monkeypatch.setattr(classes, "_sql", lambda name: whole(name).replace(found, replaced))
    look = other_differences if leak == "held responsible by another source" else differences
    assert look(families(5, 60), VisibilityClass.STANDARD, tmp_path)


def test_rules_cover_every_class() -> None:
    assert set(RULES) == set(VisibilityClass)
