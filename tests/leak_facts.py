"""Drawn councils as standard rows, told also by sources that some classes may hold nothing of; what a class may see.

`visible` is written apart from the product's own rules, from what the design says: two councils that differ only in
what it takes out must give a class the same graph.
"""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from datetime import date
from functools import partial
from typing import Any

from graph.classes import VisibilityClass
from graph.vocabulary import vocabulary
from tests.small_council import CLASSES_OF, Facts

EXCEPTIONS = {"sensitive_involved", "pr_holder"}
"""Disclosed on purpose: that a further service is involved, and whom to ask about a shielded child."""

CODES = (
    "PARENT",
    "STEP_PARENT",
    "SIBLING",
    "PARTNER",
    "FOSTER_CARER",
    "NO_CONTACT_ORDER",
    "PROSPECTIVE_ADOPTER",
    "FRIEND",
)
ALWAYS_RESTRICTED = {"NO_CONTACT_ORDER", "PROSPECTIVE_ADOPTER"}
STREETS = ("1 Elm Row", "2 Elm Row", "Northgate Hostel", "3 Ash Way")
PEOPLE = 5
WORKERS = 3
TOLD_BY = (*["mosaic"] * 6, "camhs", "marac", "mappa", "police")
"""Who tells a drawn fact: some class holds nothing of four in ten."""
ADOPTION = "Placement order"
"""A legal status for whoever may see the links of an adoption."""
PLACES_BY = ("dwp", "dwp", "marac")


def facts_of(number: int, drawn: Mapping[str, Any]) -> Facts:
    """One drawn case as standard rows; ids and streets carry the case's number, so that cases stand side by side.

    A source that tells a fact about somebody has a record of them, under a name of its own.
    """
    facts, p = Facts(), f"c{number}-"
    for i, listed in enumerate(drawn["listed"]):
        if listed:
            _record(facts, number, i, "mosaic", drawn["restricted"][i])
    for i, source, restricted in drawn["others"]:
        _record(facts, number, i, source, restricted)
    _add_links(facts, number, drawn["links"])
    for i, street, uprn, hidden, start, kind, source in drawn["homes"]:
        _record(facts, number, i, source)
        facts.add(
            "address", source=source, record_id=f"{p}{i}", hidden=hidden, start=start, type=kind,
            **_place(number, street, uprn),
        )  # fmt: skip
    _add_services(facts, number, drawn)
    for n, (street, uprn, service, source) in enumerate(drawn["places"]):
        facts.add(
            "place_fact", source=source, row_id=f"{p}place{n}", service_id=f"{p}{service}", kind="benefit",
            detail=_mark(source), **_place(number, street, uprn),
        )  # fmt: skip
    return facts


def _record(facts: Facts, number: int, i: int, source: str, restricted: bool = False) -> None:
    """A source's record of somebody, once; joined to the one before it for a reason of its own."""
    key = (source, f"c{number}-{i}")
    if key in facts.people:
        return
    person = f"c{number}-person{i}"
    before = [other for other, one in facts.people.items() if one == person]
    if before:
        weight = 5 + 7 * len(facts.joined) % 31 / 31
        facts.joined.append((before[-1], key, weight, f"because of {before[-1][0]} and {source}"))
        if len(facts.joined) % 3 == 0:
            facts.decided.append((before[-1], key))
    facts.people[key] = person
    facts.add(
        "person", source=source, record_id=key[1], forename=f"Name{i}", surname=f"Family{number}",
        other_names=[] if source == "mosaic" else [f"Alias {_mark(source)}"],
        sex="U" if source == "mosaic" and i % 2 else "F", dob=_born(number * PEOPLE + i),
        status="deceased" if source == "marac" else "alive", restricted=restricted,
    )  # fmt: skip


def _mark(source: str) -> str:
    """A text that only this source tells."""
    return f"as told by {source}"


def _place(number: int, street: str, uprn: str | None) -> dict[str, Any]:
    return {
        "text": f"{street} Case{number}",
        "postcode": "AA1 1AA",
        "uprn": f"c{number}-{uprn}" if uprn else None,
    }


def _born(index: int) -> date:
    """A day that shares no two of year, month and day with anybody else's: the net round one catches no other."""
    return date(1880 + index % 140, index % 12 + 1, index // 12 + 1)


def _add_links(facts: Facts, number: int, links: Iterable[tuple[int, str, int, bool, bool, str]]) -> None:
    p = f"c{number}-"
    for n, (a, code, b, pr, hidden, source) in enumerate(links):
        if a != b:
            _record(facts, number, a, source)
            _record(facts, number, b, source)
            facts.add(
                "relationship", source=source, row_id=f"{p}{n}", from_record=f"{p}{a}", code=code, to_record=f"{p}{b}",
                parental_responsibility="Y" if pr else None, restricted=hidden, source_label=_mark(source),
            )  # fmt: skip


def _add_services(facts: Facts, number: int, drawn: Mapping[str, Any]) -> None:
    p = f"c{number}-"
    for n, (i, service, worker, source) in enumerate(drawn["spells"]):
        _record(facts, number, i, source)
        facts.add(
            "involvement", source=source, row_id=f"{p}spell{n}", record_id=f"{p}{i}", service_id=f"{p}{service}",
            status="open", worker_id=f"{p}worker{worker}", organisation="Trust",
        )  # fmt: skip
    for n, (i, service, source) in enumerate(drawn["plans"]):
        _record(facts, number, i, source)
        # Two plans of one source may come under one id: both must stand.
        facts.add(
            "plan", source=source, row_id=f"{p}plan{n // 2}", record_id=f"{p}{i}", service_id=f"{p}{service}",
            kind=("care", "court order")[n % 2], status="open", needs=["Neglect"], placement=f"Foster home {n}",
            legal_status=(f"Order {n}", ADOPTION, ADOPTION, f"Order {n}")[n % 4],
            author=_mark(source), author_email="a@council.example",
        )  # fmt: skip
    for n, (i, service, source) in enumerate(drawn["events"]):
        _record(facts, number, i, source)
        facts.add(
            "event", source=source, row_id=f"{p}event{n // 2}", record_id=f"{p}{i}", service_id=f"{p}{service}",
            kind="missing episode", on=date(2026, 1, n + 1), detail=_mark(source), tone="concern",
        )  # fmt: skip
    for source in dict.fromkeys(TOLD_BY):
        for worker in range(WORKERS):
            facts.add(
                "practitioner", source=source, worker_id=f"{p}worker{worker}", name=f"Worker {worker}",
                organisation=f"{p}Trust{worker % 2}",
            )  # fmt: skip
        for n in range(2):
            facts.add("organisation", source=source, organisation_id=f"{p}trust{n}", name=f"{p}Trust{n}", kind="other")


def families(seed: int, count: int, hidden: float = 0.8) -> list[Facts]:
    """That many cases, the same every time. Nearly half of their links, homes and spells are aimed at the first person,
    who is shielded as often as `hidden` says: a random pair has nothing between it that could leak.
    """
    rng = random.Random(seed)
    return [_family(rng, place, hidden) for place in range(count)]


def _family(rng: random.Random, number: int, hidden: float) -> Facts:
    def who() -> int:
        return max(0, rng.randint(-2, PEOPLE - 1))

    def many(least: int, most: int, *kinds: Callable[[], Any]) -> list[tuple[Any, ...]]:
        return [tuple(one() for one in kinds) for _ in range(rng.randint(least, most))]

    def of(*choices: Any) -> Callable[[], Any]:
        return lambda: rng.choice(choices)

    def often(share: float) -> Callable[[], bool]:
        return lambda: rng.random() < share

    source, service, street, uprn = of(*TOLD_BY), of("csc", "camhs"), of(*STREETS[:3]), of(None, "u1", "u2")
    day = partial(_any_day, rng)
    facts = facts_of(number, {
        "listed": [rng.random() < 0.8 for _ in range(PEOPLE)],
        "restricted": [rng.random() < hidden, *(rng.random() < hidden / 4 for _ in range(PEOPLE - 1))],
        "others": many(0, 3, who, source, often(hidden / 4)),
        "links": many(5, 10, who, of(*CODES), who, often(0.5), often(0.15), source),
        "homes": many(8, 13, who, street, uprn, often(0.2), day, of("home", "home", "placement"), source),
        "spells": many(3, 7, who, service, lambda: rng.randrange(WORKERS), source),
        "plans": many(1, 4, who, service, source),
        "events": many(1, 4, who, service, source),
        "places": many(0, 3, street, uprn, service, of(*PLACES_BY)),
    })  # fmt: skip
    for spell in facts.involvement:
        closed = rng.random() < 0.2
        spell.update(allocated=rng.random() < 0.7, status="closed" if closed else "open", start=day())
        if closed:
            spell["end"] = date(2026, 2, 3)
    return facts


def _any_day(rng: random.Random) -> date | None:
    return None if rng.random() < 0.3 else date(rng.randint(2015, 2025), rng.randint(1, 12), rng.randint(1, 28))


def services_of(number: int) -> list[dict[str, Any]]:
    """The services of a case: one that anybody may know of, one that is sensitive."""
    return [
        {"service_id": f"c{number}-csc", "title": "Children's social care", "sensitive": False},
        {"service_id": f"c{number}-camhs", "title": "Mental health", "sensitive": True},
    ]


def merged(parts: Iterable[Facts]) -> Facts:
    """Many cases as one council."""
    whole = Facts()
    for part in parts:
        for one in fields(Facts):
            held, more = getattr(whole, one.name), getattr(part, one.name)
            held.update(more) if isinstance(held, dict) else held.extend(more)
    return whole


# --- what a class may see --------------------------------------------------------------------------------------------


def visible(facts: Facts, visibility: VisibilityClass) -> Facts:
    """The same facts with everything the class may not see taken out: all of the sources it holds nothing of, and of
    the others what is hidden. What hides is said by any source; who is shielded stays so.
    """
    shielded, unplaced, placed = shielded_people(facts), hidden_people(facts), hidden_people(facts, "placement")
    whole, essential = visibility is VisibilityClass.SHIELD, visibility is not VisibilityClass.STANDARD
    essential = essential and visibility is not VisibilityClass.RESEARCH
    hidden = set() if whole else shielded
    gone = shielded if visibility is VisibilityClass.RESEARCH else set()

    def told(row: Mapping[str, Any]) -> bool:
        return visibility in CLASSES_OF[row["source"]]

    def whose(row: Mapping[str, Any], column: str = "record_id") -> str:
        return facts.people[row["source"], row[column]]

    def of_service(row: Mapping[str, Any]) -> bool:
        return told(row) and (essential or not row["service_id"].endswith("camhs"))

    def shown(row: Mapping[str, Any]) -> bool:
        return of_service(row) and whose(row) not in hidden

    def linked(row: Mapping[str, Any]) -> bool:
        ends = {whose(row, "from_record"), whose(row, "to_record")}
        return told(row) and not ends & hidden and (essential or not _restricted(row, facts, bool(ends & placed)))

    return _without_strangers(
        replace(
            facts,
            person=[row | {"restricted": whose(row) in shielded} for row in facts.person
                    if told(row) and whose(row) not in gone],
            people={key: one for key, one in facts.people.items() if one not in gone and told({"source": key[0]})},
            joined=[one for one in facts.joined if told({"source": one[0][0]}) and told({"source": one[1][0]})],
            decided=[one for one in facts.decided if told({"source": one[0][0]}) and told({"source": one[1][0]})],
            address=[row for row in facts.address
                     if told(row) and whose(row) not in hidden and (whole or not _hidden(row, facts))],
            involvement=[row for row in facts.involvement if shown(row)],
            plan=[_unsaid(row if whole or whose(row) not in unplaced else row | {"placement": None}, essential)
                  for row in facts.plan if shown(row) and (essential or not _order_alone(row))],
            event=[row for row in facts.event if shown(row)],
            place_fact=[row for row in facts.place_fact if of_service(row)],
            relationship=[row for row in facts.relationship if linked(row)],
        )
    )  # fmt: skip


def _unsaid(plan: Mapping[str, Any], essential: bool) -> dict[str, Any]:
    return dict(plan) if essential or plan["legal_status"] != ADOPTION else dict(plan) | {"legal_status": None}


def _order_alone(plan: Mapping[str, Any]) -> bool:
    return bool(plan["kind"] == "court order" and plan["legal_status"] == ADOPTION)


def otherwise(facts: Facts, visibility: VisibilityClass) -> Facts:
    """The same facts where the sources that a class holds nothing of say other things: other names, nobody related."""

    def told(row: Mapping[str, Any]) -> bool:
        return visibility in CLASSES_OF[row["source"]]

    other = {"forename": "Other", "surname": "Name", "other_names": ["Some Body"], "sex": "M", "status": "alive"}
    return replace(
        facts,
        person=[row if told(row) else row | other for row in facts.person],
        relationship=[row for row in facts.relationship if told(row)],
    )


def shielded_people(facts: Facts) -> set[str]:
    """Whoever any source restricts."""
    return {facts.people[row["source"], row["record_id"]] for row in facts.person if row["restricted"]}


def hidden_people(facts: Facts, kind: str = "") -> set[str]:
    """Whoever has a hidden home, or a hidden home of that kind."""
    homes = [row for row in facts.address if kind in ("", row["type"]) and _hidden(row, facts)]
    return {facts.people[row["source"], row["record_id"]] for row in homes}


def _restricted(row: Mapping[str, Any], facts: Facts, placed: bool) -> bool:
    """Whether a link is not for everybody; `placed` says that one end has a hidden placement."""
    if row["code"] in ALWAYS_RESTRICTED or (row["code"] == "FOSTER_CARER" and placed):
        return True
    return any(other["restricted"] and _fact(other) == _fact(row) for other in facts.relationship)


def _without_strangers(facts: Facts) -> Facts:
    """Nobody works in the graph whose every spell is hidden, and no organisation is named by nobody."""
    workers = {(row["source"], row["worker_id"]) for row in facts.involvement}
    practitioner = [row for row in facts.practitioner if (row["source"], row["worker_id"]) in workers]
    named = {(row["source"], row["organisation"]) for row in practitioner}
    organisation = [row for row in facts.organisation if (row["source"], row["name"]) in named]
    return replace(facts, practitioner=practitioner, organisation=organisation)


def _fact(row: Mapping[str, Any]) -> tuple[str, frozenset[str] | tuple[str, str], str]:
    """What one relationship row says; both ways round where the code reads the same from both ends."""
    ends = (row["from_record"], row["to_record"])
    return row["source"], frozenset(ends) if vocabulary()[row["code"]].symmetric else ends, row["code"]


def _hidden(row: Mapping[str, Any], facts: Facts) -> bool:
    """A place hidden for a person in any row is hidden for them in every row, under every name any row gives it."""
    person = facts.people[row["source"], row["record_id"]]
    said = [one for one in facts.address if one["hidden"] and facts.people[one["source"], one["record_id"]] == person]
    names = [other for other in facts.address for one in said if _one_place(other, one)]
    return any(_one_place(row, one) for one in names)


def _one_place(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return bool(one["text"] == other["text"] or (one["uprn"] and one["uprn"] == other["uprn"]))


def forbidden(parts: Iterable[Facts], visibility: VisibilityClass) -> list[str]:
    """Texts no row of the class may hold: what a source tells that it holds nothing of, records of shielded people,
    and services nobody is seen to have.
    """
    marks = [_mark(source) for source, held_by in CLASSES_OF.items() if visibility not in held_by]
    if visibility is VisibilityClass.SHIELD:
        return marks
    texts = []
    for part in parts:
        shielded = shielded_people(part)
        texts += [f"'{source}:{record}'" for (source, record), one in part.people.items() if one in shielded]
        seen = visible(part, visibility)
        used = {
            row["service_id"] for table in (seen.involvement, seen.plan, seen.event, seen.place_fact) for row in table
        }
        texts += [f"'{row['service_id']}'" for row in _of_a_service(part) if row["service_id"] not in used]
    return marks + texts


def _of_a_service(facts: Facts) -> list[Mapping[str, Any]]:
    return [*facts.involvement, *facts.plan, *facts.event, *facts.place_fact]
