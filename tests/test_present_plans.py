"""Plans and dated facts in words: how many and when last, folded across sources, on the face of their service."""

from datetime import date, timedelta
from typing import Any

import pytest

from graph.classes import VisibilityClass
from tests.present_rows import ON, SOURCES, lived, service, source
from web.present.flags import flags_by_person
from web.present.freshness import provenance, read_sources
from web.present.happenings import Happenings, happenings
from web.present.places import homes, place_facts
from web.present.plans import Plan, plans
from web.present.services import Face, Held, ServiceFace, faces

MARAC = [service("marac", "MARAC")]
STANDARD, SHIELD = VisibilityClass.STANDARD, VisibilityClass.SHIELD


def plan(**values: Any) -> dict[str, Any]:
    plain = {
        "person_id": "t", "plan_id": "1", "kind": "child in need", "status": "open", "start": date(2026, 6, 2),
        "end": None, "needs": ["Family in acute stress"], "legal_status": None, "placement": None,
        "author": "Asha Daniels", "author_email": "asha@council.example", "service_id": "csc",
        "service": "Children’s social care", "source": "lcs", "source_row": "plans.csv:2",
    }  # fmt: skip
    return {**plain, **values}


def event(kind: str, on: date | None, **values: Any) -> dict[str, Any]:
    plain = {"person_id": "t", "event_id": "1", "kind": kind, "on": on, "until": None, "detail": None,
             "tone": "concern", "service_id": "police", "service": "Police", "source": "police"}  # fmt: skip
    return {**plain, **values}


def said(*rows: dict[str, Any]) -> Happenings:
    (kind,) = happenings(rows, SOURCES, ON)
    return kind


def told(*rows: dict[str, Any]) -> list[Plan]:
    return [one.main for one in plans(rows, SOURCES, ON)]


def face_of(service_id: str, held: Held, age: int = 14, cls: VisibilityClass = SHIELD) -> ServiceFace:
    (found,) = [one for one in faces(held, SOURCES, age, ON, cls) if one.service_id == service_id]
    return found


# --- plans ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "title"), [
    ("child protection", "Child protection plan"), ("EHC", "Education, health and care plan"),
    ("court order", "Court order"), ("safety at home", "Safety at home"), ("", "Plan, kind not recorded"),
])  # fmt: skip
def test_a_plan_is_called_what_a_social_worker_calls_it(kind: str, title: str) -> None:
    assert told(plan(kind=kind))[0].title == title


def test_open_plans_come_first_then_the_newest() -> None:
    found = told(
        plan(kind="assessment", status="closed", start=date(2026, 5, 1)),
        plan(kind="care", start=date(2025, 1, 1)),
        plan(kind="pathway", start=date(2026, 1, 1)),
        plan(kind="early help", status="closed", start=None),
    )
    assert [one.kind for one in found] == ["pathway", "care", "assessment", "early help"]
    assert [one.open for one in found] == [True, True, False, False]


def test_one_plan_told_by_two_sources_is_one_and_their_differences_are_said() -> None:
    (one,) = plans([plan(), plan(source="mosaic", needs=["Neglect"], author=None, author_email=None)], SOURCES, ON)
    assert (one.main.provenance.title, one.sources) == ("LCS", "lcs mosaic")
    assert [(other.provenance.title, words) for other, words in one.others] == [("Mosaic", "needs “Neglect”")]


def test_a_plan_one_source_has_ended_is_shown_open_with_the_other_end_beside_it() -> None:
    ended = plan(source="mosaic", status="closed", end=date(2026, 9, 1))
    (one,) = plans([ended, plan(author=None, author_email=None)], SOURCES, ON)
    assert one.main.open
    assert [(other.open, words.partition(",")[0]) for other, words in one.others] == [
        (False, "dates “2 June 2026 to 1 September 2026”")
    ]


def test_two_plans_of_two_sources_go_with_those_that_say_the_same() -> None:
    rows = [
        plan(author=author, source=source_, source_row=f"plans.csv:{line}")
        for source_, authors in (("lcs", "AB"), ("mosaic", "BA"))
        for line, author in enumerate(authors)
    ]
    found = plans(rows, SOURCES, ON)
    assert [(one.main.author, one.sources, [words for _, words in one.others]) for one in found] == [
        ("A", "lcs mosaic", [""]), ("B", "lcs mosaic", [""])
    ]  # fmt: skip


def test_plans_of_one_source_or_without_a_start_are_never_folded() -> None:
    assert len(plans([plan(), plan(plan_id="2")], SOURCES, ON)) == 2
    assert len(plans([plan(start=None), plan(start=None, source="mosaic")], SOURCES, ON)) == 2
    assert len(plans([plan(), plan(kind="care", source="mosaic")], SOURCES, ON)) == 2


# --- dated facts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rows", "headline"), [
    ([event("missing episode", date(2026, 5, 4))], "1 missing episode, 4 May 2026"),
    ([event("missing episode", date(2026, 5, 4), until=date(2026, 5, 6), detail="Returned home")],
     "1 missing episode, 4 May 2026 to 6 May 2026: Returned home"),
    ([event("missing episode", date(2026, month, 4)) for month in (3, 5, 1)], "3 missing episodes, latest 4 May 2026"),
    ([event("missing episode", None), event("missing episode", date(2026, 5, 4))],
     "2 missing episodes, latest 4 May 2026"),
    ([event("missing episode", None)], "1 missing episode, date not recorded"),
    ([event("missing episode", None)] * 2, "2 missing episodes, dates not recorded"),
    ([event("session attended", date(2026, 5, 4), detail="Stay and play")],
     "1 session attended, 4 May 2026: Stay and play"),
    ([event("attendance", date(2026, 10, 1), detail="91%")], "Attendance: 91%, 1 October 2026"),
    ([event("attendance", date(2025, 9, 1), until=date(2026, 7, 20), detail="88%")],
     "Attendance: 88%, 1 September 2025 to 20 July 2026"),
    ([event("not in education", date(2026, 9, 1))],
     "Not in education, employment or training: since 1 September 2026"),
    ([event("housing benefit", date(2020, 9, 1), until=date(2021, 9, 1))],
     "Housing benefit: 1 September 2020 to 1 September 2021"),
    ([event("rent arrears", date(2026, 8, 1), detail="First letter"), event("rent arrears", date(2025, 8, 1))],
     "Rent arrears: First letter, 1 August 2026"),
    ([event("letter of concern", date(2026, 8, 1)), event("letter of concern", date(2026, 8, 2))],
     "Letter of concern: 2, latest 2 August 2026"),
    ([event("", date(2026, 8, 1))], "Fact of a kind not recorded, 1 August 2026"),
    ([event("eviction", date(2026, 8, 1), until=date(2026, 8, 1))], "1 eviction, 1 August 2026"),
    ([event("anti-social behaviour", date(2026, 8, 1)), event("anti-social behaviour", date(2026, 8, 2))],
     "2 reports of anti-social behaviour, latest 2 August 2026"),
    ([event("letter of concern", date(2026, 8, 1))], "Letter of concern, 1 August 2026"),
])  # fmt: skip
def test_a_headline_says_how_many_and_when_last(rows: list[dict[str, Any]], headline: str) -> None:
    assert said(*rows).headline == headline


def test_the_most_recent_fact_comes_first_and_so_does_its_kind() -> None:
    rows = [event("eviction", date(2026, 1, 1)), event("suspension", date(2026, 2, 1)),
            event("eviction", date(2026, 3, 1)), event("young carer", None)]  # fmt: skip
    found = happenings(rows, SOURCES, ON)
    assert [kind.kind for kind in found] == ["eviction", "suspension", "young carer"]
    assert [one.main.when for one in found[0].told] == ["1 March 2026", "1 January 2026"]


def test_what_lasted_is_as_recent_as_its_last_day() -> None:
    year = event("attendance", date(2026, 9, 7), until=date(2026, 11, 20), detail="96%")
    term = event("attendance", date(2026, 10, 1), detail="88%", source="lcs")
    assert said(term, year).headline == "Attendance: 96%, 7 September 2026 to 20 November 2026"


def test_an_end_that_one_source_leaves_out_is_no_difference() -> None:
    day, end = date(2026, 5, 4), date(2026, 5, 6)
    (one,) = said(event("suspension", day, until=end), event("suspension", day, source="lcs")).told
    assert [words for _, words in one.others] == [""]
    (two,) = said(event("suspension", day, until=end), event("suspension", day, source="lcs", until=day)).told
    assert [words for _, words in two.others] == [""]
    later = event("suspension", day, source="lcs", until=date(2026, 5, 7))
    (three,) = said(event("suspension", day, until=end), later).told
    assert [words for _, words in three.others] in ([["until “7 May 2026”"], ["until “6 May 2026”"]])


def test_a_tone_is_a_word_and_a_neutral_fact_needs_none() -> None:
    day = date(2026, 5, 4)
    for tone, words in (("concern", ("Concern",)), ("protective", ("Protective",)), ("neutral", ()), (None, ())):
        assert said(event("health contact", day, tone=tone)).tones == words
    mixed = said(event("health contact", day), event("health contact", day, tone="protective", detail="Kept"))
    assert set(mixed.tones) == {"Concern", "Protective"}
    better = said(event("attendance", day), event("attendance", date(2026, 9, 1), tone="protective"))
    assert better.tones == ("Protective",), "the latest is the news"
    assert better.mixed, "so each of them says its own"
    assert not said(event("attendance", day), event("attendance", date(2026, 9, 1))).mixed


def test_of_offences_the_three_latest_are_shown_and_that_the_police_hold_more() -> None:
    rows = [event("offence", date(2020 + year, 1, 1), detail=f"Robbery {year}, Suspect") for year in range(5)]
    found = said(*rows)
    assert [one.main.words for one in found.told] == [
        "1 January 2024: Robbery 4, Suspect", "1 January 2023: Robbery 3, Suspect", "1 January 2022: Robbery 2, Suspect"
    ]  # fmt: skip
    assert found.more == "The police hold more offences than these."
    assert found.headline == "Offences, the latest first"
    assert "5" not in found.headline + found.more
    assert said(*rows[:3]).more == ""
    assert said(rows[0]).headline == "Offence"
    other = event("other offences on record", None, tone="neutral")
    with_more = said(*rows[:2], other)
    assert (len(with_more.told), with_more.more) == (2, "The police hold more offences than these.")
    assert [one.title for one in with_more.more_said] == ["Police"]
    assert said(other).headline == "Other offences on record: date not recorded"


def test_what_two_sources_tell_of_one_day_is_one_fact_where_there_is_one_a_day_at_most() -> None:
    day = date(2026, 5, 4)
    found = said(
        event("suspension", day, detail="4 half days"), event("suspension", day, source="lcs", detail="Assault")
    )
    assert found.headline == "1 suspension, 4 May 2026: Assault"
    assert found.told[0].sources == "lcs police"
    assert [words for _, words in found.told[0].others] == ["as “4 half days”"]
    assert found.note == ""


def test_two_sessions_of_one_day_are_two_and_the_same_session_is_one() -> None:
    day = date(2026, 5, 4)
    two = said(event("session attended", day, detail="Messy play"),
               event("session attended", day, detail="Story time", source="lcs"))  # fmt: skip
    assert two.headline.startswith("2 sessions attended")
    one = said(event("session attended", day, detail="Messy play"),
               event("session attended", day, detail="MESSY PLAY", source="police2"))  # fmt: skip
    assert one.headline == "1 session attended, 4 May 2026: Messy play"


def test_tellings_that_could_not_be_told_to_be_the_same_may_not_be_added_up() -> None:
    found = said(event("missing episode", date(2026, 5, 4)), event("missing episode", date(2026, 5, 5), source="lcs"))
    assert found.note == "LCS tells of 1 and Police tells of 1; the same one may stand here twice."
    assert said(*[event("missing episode", date(2026, 5, 4 + n)) for n in (0, 1)]).note == ""
    share = [event("attendance", date(2026, 5, 4)), event("attendance", date(2026, 5, 5), source="lcs")]
    assert said(*share).note == "", "nobody adds up shares"


# --- the face of the service ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("held", "face"), [
    (Held(plans=[plan()]), Face.NOW),
    (Held(plans=[plan(end=ON + timedelta(days=1))]), Face.NOW),
    (Held(plans=[plan(end=ON - timedelta(days=1))]), Face.BEFORE),
    (Held(plans=[plan(status="closed")]), Face.BEFORE),
    (Held(events=[event("missing episode", ON, service_id="csc")]), Face.BEFORE),
    (Held(events=[event("not in education", date(2026, 1, 1), service_id="csc")]), Face.NOW),
    (Held(events=[event("not in education", date(2026, 1, 1), until=date(2026, 2, 1), service_id="csc")]), Face.BEFORE),
    (Held(events=[event("not in education", ON + timedelta(days=1), service_id="csc")]), Face.BEFORE),
    (Held(), Face.NOTHING_HELD),
])  # fmt: skip
def test_a_service_with_a_plan_or_fact_and_no_spell_has_the_face_it_deserves(held: Held, face: Face) -> None:
    found = face_of("csc", held)
    assert found.face is face
    flags = flags_by_person(held, SOURCES, ON).get("t")
    assert (flags is None) == (face is Face.NOTHING_HELD)
    if flags:
        assert bool(flags.now) == (face is Face.NOW)
        assert [one.title for one in (*flags.now, *flags.before)] == [found.title]


def test_what_runs_is_shown_and_the_rest_is_counted() -> None:
    spell = {"service_id": "csc", "service": "CSC", "source": "mosaic", "status": "closed", "start": date(2020, 1, 1)}
    held = Held([spell, {**spell, "start": date(2019, 1, 1)}], [plan(), plan(kind="assessment", status="closed")])
    found = face_of("csc", held)
    assert [one.main.kind for one in found.shown[1]] == ["child in need"]
    assert [one.main.dates for one in found.shown[0]] == ["since 1 January 2020"], "the latest, where none is open"
    assert found.earlier_words == "1 earlier spell of service and 1 earlier plan or assessment"
    assert face_of("csc", Held(plans=[plan()])).earlier_words == ""


# --- sources that tell nothing ----------------------------------------------------------------------------------------


def test_every_reason_why_a_source_was_not_searched_has_its_own_words() -> None:
    states: dict[str, dict[str, Any]] = {
        "a": {"connected": False, "extracted_on": None},
        "b": {"connected": False, "extracted_on": None, "switched_off": True},
        "c": {"classes": ["sensitive", "shield"]},
        "d": {"about": "places"},
        "e": {"extracted_on": "2026-01-01"},
        "f": {"connected": False, "extracted_on": None},
    }
    entries = [source(name, name.upper(), services=MARAC, **state) for name, state in states.items()]
    known = read_sources(entries, ON, 8)
    (found,) = faces(Held(), known, 14, ON, STANDARD)
    assert found.face is Face.NOT_SEARCHED
    assert [(one.titles, one.words) for one in found.searches] == [
        ("A and F", "not connected"),
        ("B", "switched off by the council"),
        ("C", "not shown to your role for anybody"),
        ("D", "tells of addresses only, never of a person: see the address"),
        ("E", "out of date: last extract 1 January 2026"),
    ]
    assert [one.gap for one in found.searches] == [True, True, True, False, True]
    assert not found.partly
    (shield,) = faces(Held(), known, 14, ON, SHIELD)
    assert shield.face is Face.NOTHING_HELD
    assert shield.partly
    assert [one.gap for one in shield.searches] == [False, True, True, False, True]
    assert [one.searched for one in shield.searches] == [True, False, False, False, False]


def test_whom_an_age_rule_leaves_out_is_no_gap() -> None:
    known = read_sources([source("m", "M", services=[service("marac", "MARAC", age_from=18)]),
                          source("n", "N", services=MARAC)], ON, 8)  # fmt: skip
    (found,) = faces(Held(), known, 14, ON, STANDARD)
    assert found.face is Face.NOTHING_HELD
    assert not found.partly


def test_a_service_that_this_class_is_shown_of_nobody_has_one_face_for_everybody() -> None:
    known = read_sources([source("m", "MARAC", classes=["shield"], services=[service("marac", "MARAC")])], ON, 8)
    found = [faces(Held(), known, age, ON, STANDARD) for age in (3, 40, None)]
    assert [[one.face for one in each] for each in found] == [[Face.NOT_SHOWN]] * 3
    assert len({tuple(each) for each in found}) == 1
    off = read_sources(
        [source("m", "MARAC", classes=["shield"], connected=False, switched_off=True,
                services=[service("marac", "MARAC")])], ON, 8)  # fmt: skip
    (one,) = faces(Held(), off, 40, ON, STANDARD)
    assert (one.face, one.searches[0].words) == (Face.NOT_SEARCHED, "switched off by the council")


def test_provenance_says_with_whom_a_fact_may_be_shared_and_on_what_basis_it_is_held() -> None:
    known = read_sources([source("lcs", "LCS", onward_sharing="With the team", lawful_basis="An Act")], ON, 8)
    told = provenance(plan(), known)
    assert (told.onward_sharing, told.lawful_basis) == ("With the team", "An Act")
    assert provenance(plan(source="elsewhere"), known).onward_sharing == ""


# --- facts about places -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("start", "end", "on", "until", "shown"), [
    (date(2020, 1, 1), None, date(2019, 1, 1), None, True),
    (date(2020, 1, 1), None, date(2018, 1, 1), date(2019, 12, 31), False),
    (date(2020, 1, 1), None, date(2018, 1, 1), date(2020, 1, 1), True),
    (date(2015, 1, 1), date(2017, 1, 1), date(2018, 1, 1), None, False),
    (date(2015, 1, 1), date(2017, 1, 1), date(2017, 1, 1), None, True),
    (None, None, None, None, True),
])  # fmt: skip
def test_a_fact_about_a_place_is_shown_where_it_was_so_while_the_person_lived_there(
    start: date | None, end: date | None, on: date | None, until: date | None, shown: bool
) -> None:
    places = homes([lived("12 Mill Street", start=start, end=end)], SOURCES, ON)
    row = {**event("housing benefit", on, until=until), "address_id": "12 Mill Street"}
    other = {**row, "address_id": "elsewhere"}
    found = place_facts(places, [row, other], SOURCES, ON)
    assert list(found) == (["12 Mill Street"] if shown else [])


def test_a_fact_of_one_day_about_a_place_is_not_carried_on_to_whoever_came_later() -> None:
    places = homes([lived("12 Mill Street", start=date(2020, 1, 1))], SOURCES, ON)
    row = {**event("eviction", date(2018, 1, 1)), "address_id": "12 Mill Street"}
    assert place_facts(places, [row], SOURCES, ON) == {}
