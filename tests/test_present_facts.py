"""Facts in words: addresses, services and the four faces of their absence, ages, records and sources."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.classes import VisibilityClass
from tests.present_rows import ON, SOURCES, lived, tommy
from web.present.dates import age_on, age_words, day_words, span_words
from web.present.flags import flags_by_person
from web.present.freshness import printed, provenance, source_title
from web.present.people import person, record_facts
from web.present.places import address_disagreement, current_homes, homes
from web.present.sentence import family_sentence
from web.present.services import Face, Held, ServiceFace, coverage, faces

STANDARD, SHIELD = VisibilityClass.STANDARD, VisibilityClass.SHIELD

# --- addresses --------------------------------------------------------------------------------------------------------


def test_the_newest_address_comes_first_with_its_source_and_the_other_source_is_not_silenced() -> None:
    places = homes(
        [
            lived("14 Quarry Bank, Marple", start=date(2019, 2, 11)),
            lived("7 Tanner Street, Bredbury", start=date(2026, 9, 7), source="school_census"),
            lived("Somewhere", start=None),
        ],
        SOURCES, ON,
    )  # fmt: skip
    assert [home.short for home in places] == ["7 Tanner Street, Bredbury", "14 Quarry Bank, Marple", "Somewhere"]
    assert places[0].residences[0].provenance.title == "School Census"
    assert address_disagreement(places).endswith("School Census and Mosaic give different ones")
    said = family_sentence(tommy(), places[:2], [], ["Mosaic"])
    assert (
        "lives at 7 Tanner Street, Bredbury (School Census, since September 2026); another address given is 14" in said
    )


def test_two_sources_of_one_address_share_a_line_and_do_not_disagree() -> None:
    rows = [lived("320 Overdale Road", start=date(2018, 3, 1)),
            lived("320 Overdale Road", start=date(2018, 3, 5), source="lcs")]  # fmt: skip
    places = homes(rows, SOURCES, ON)
    assert [home.since for home in places] == ["LCS and Mosaic, since March 2018"]
    assert address_disagreement(places) == ""


def test_an_address_for_letters_is_nobodys_home() -> None:
    places = homes([lived("Hyde and Co", type="correspondence")], SOURCES, ON)
    assert current_homes(places) == []
    assert "has no address recorded" in family_sentence(tommy(), places, [], [])


def test_an_ended_address_is_the_last_recorded_one() -> None:
    places = homes([lived("Old House", start=date(2012, 1, 1), end=date(2018, 1, 1))], SOURCES, ON)
    said = family_sentence(tommy(), places, [], [])
    assert "was last recorded at Old House (Mosaic, 1 January 2012 to 1 January 2018)" in said


# --- services and absence ---------------------------------------------------------------------------------------------


def spell(**values: Any) -> dict[str, Any]:
    return {"person_id": "t", "service_id": "csc", "service": "Children’s social care", "status": "open",
            "start": date(2026, 5, 18), "source": "mosaic", "extracted_on": ON, **values}  # fmt: skip


def by_id(rows: list[dict[str, Any]], age: int | None, cls: VisibilityClass = STANDARD) -> dict[str, ServiceFace]:
    return {face.service_id: face for face in faces(Held(rows), SOURCES, age, ON, cls)}


def test_the_four_faces_of_absence() -> None:
    found = by_id([spell(), spell(service_id="gp", service="GP", status="closed", end=date(2020, 1, 1))], 30)
    assert found["csc"].face is Face.NOW
    assert found["gp"].face is Face.BEFORE
    assert found["school"].face is Face.NOT_SEARCHED
    assert found["school"].searches[0].words == "only people aged 4 to 20 are searched"
    assert found["housing"].searches[0].words == "not connected"
    assert found["police"].face is Face.NOT_SEARCHED
    assert found["police"].searches[0].words.startswith("out of date: last extract 1 November 2026")
    nothing = by_id([], 14)
    assert nothing["csc"].face is Face.NOTHING_HELD
    assert [one.titles for one in nothing["csc"].searches] == ["Mosaic and LCS"]
    assert nothing["csc"].searches[0].words == "searched in the extract of 23 November 2026"


def test_unknown_age_is_searched_and_the_ages_of_a_rule_are_inclusive() -> None:
    for age, face in ((None, Face.NOTHING_HELD), (4, Face.NOTHING_HELD), (20, Face.NOTHING_HELD),
                      (3, Face.NOT_SEARCHED), (21, Face.NOT_SEARCHED)):  # fmt: skip
        assert by_id([], age)["school"].face is face


def test_a_hidden_service_is_never_called_nothing_held_and_looks_the_same_for_everybody() -> None:
    hidden = [by_id(rows, age)["camhs"] for rows in ([], [spell()]) for age in (3, 14, None)]
    assert {face.face for face in hidden} == {Face.NOT_SHOWN}
    assert len(set(hidden)) == 1
    assert by_id([], 14, SHIELD)["camhs"].face is Face.NOTHING_HELD


def test_open_spells_come_first_and_an_end_to_come_is_still_open() -> None:
    found = by_id([spell(status="closed", end=date(2020, 1, 1)), spell(end=date(2027, 3, 1))], 14)["csc"]
    assert [told.main.open for told in found.spells] == [True, False]


def test_one_spell_told_by_two_sources_is_one_and_says_where_they_differ() -> None:
    worker = {"practitioner": "Asha Daniels", "kind": "Allocated worker", "team": "Romiley Team"}
    rows = [spell(**worker), spell(**{**worker, "kind": "Case worker"}, source="lcs"),
            spell(**worker, start=date(2020, 1, 1), status="closed", end=date(2021, 1, 1))]  # fmt: skip
    told = by_id(rows, 14)["csc"].spells
    assert [one.main.provenance.title for one in told] == ["Mosaic", "Mosaic"]
    assert [(other.provenance.title, words) for other, words in told[0].others] == [("LCS", "as “Case worker”")]
    assert told[1].others == ()


def test_a_source_that_tells_two_spells_of_a_worker_does_not_keep_the_others_apart() -> None:
    worker = {"practitioner": "Asha Daniels"}
    rows = [spell(**worker, kind="Referral", source="ssd"), spell(**worker, kind="Case worker", source="ssd"),
            spell(**worker, kind="Case worker", source="lcs"), spell(**worker, kind="Allocated worker")]  # fmt: skip
    told = by_id(rows, 14)["csc"].spells
    assert [sorted(one.sources.split()) for one in told] == [["lcs", "mosaic", "ssd"], ["ssd"]]
    assert {one.kind for one in (told[0].main, *(other for other, _ in told[0].others))} == {
        "Allocated worker", "Case worker"
    }  # fmt: skip
    assert told[1].main.kind == "Referral"


def test_two_spells_of_one_source_and_spells_of_nobody_known_stay_apart() -> None:
    twice = by_id([spell(practitioner="Asha Daniels")] * 2, 14)["csc"].spells
    nobody = by_id([spell(), spell(source="lcs")], 14)["csc"].spells
    assert (len(twice), len(nobody)) == (2, 2)


def test_flags_tell_services_now_from_before() -> None:
    rows = [spell(), spell(service="School", status="closed"), spell(person_id="k", service="GP", status="closed"),
            spell(status="closed", end=date(2020, 1, 1))]  # fmt: skip
    flags = flags_by_person(Held(rows), SOURCES, ON)
    assert ([one.title for one in flags["t"].now], [one.title for one in flags["t"].before]) == (
        ["Children’s social care"], ["School"]
    )  # fmt: skip
    assert ([one.title for one in flags["k"].now], [one.title for one in flags["k"].before]) == ([], ["GP"])


def test_a_flag_says_which_sources_tell_of_it_and_when_each_last_did() -> None:
    rows = [
        spell(updated_on=date(2026, 5, 1)),
        spell(updated_on=date(2025, 1, 1)),
        spell(source="lcs", updated_on=date(2024, 1, 1)),
        spell(status="closed", updated_on=date(2026, 6, 1)),
    ]
    (flag,) = flags_by_person(Held(rows), SOURCES, ON)["t"].now
    assert flag.sources == "lcs mosaic"
    assert [(one.title, one.updated) for one in flag.told] == [("LCS", "1 January 2024"), ("Mosaic", "1 May 2026")]


def test_closed_spells_are_told_newest_first() -> None:
    rows = [
        spell(status="closed", start=date(year, month, 1), end=date(year, month, 20), practitioner=f"W{year}")
        for year, month in ((2021, 7), (2023, 3), (2022, 12))
    ]
    (service,) = [face for face in faces(Held(rows), SOURCES, 14, ON, SHIELD) if face.spells]
    assert [told.main.practitioner for told in service.spells] == ["W2023", "W2022", "W2021"]


def test_a_service_that_one_source_tells_of_still_says_which_other_source_is_missing() -> None:
    housing = by_id([spell(service_id="housing", service="Housing")], 40, SHIELD)["housing"]
    assert housing.face is Face.NOW
    assert [(one.sources, one.words) for one in housing.searches] == [("housing", "not connected")]
    (care,) = [face for face in faces(Held([spell()]), SOURCES, 14, ON, SHIELD) if face.service_id == "csc"]
    assert care.searches == (), "a source that was searched adds nothing beside what is held"


def test_an_address_told_without_its_postcode_is_no_other_address() -> None:
    told = [lived("7 Albert Road, Bredbury", address_id="a1"),
            lived("7 Albert Road, Bredbury", address_id="a2", postcode=None, source="school_census")]  # fmt: skip
    assert address_disagreement(homes(told, SOURCES, ON)) == ""
    said = family_sentence(tommy(), homes(told, SOURCES, ON), [], ["Mosaic"])
    assert "lives at 7 Albert Road, Bredbury (Mosaic, start not recorded; School Census, start not recorded)." in said
    apart = [told[0], lived("7 Albert Road, Bredbury", address_id="a2", postcode="AB1 2CD", source="school_census")]
    assert "different" in address_disagreement(homes(apart, SOURCES, ON))
    assert "another address given is 7 Albert Road, Bredbury, AB1 2CD (" in family_sentence(
        tommy(), homes(apart, SOURCES, ON), [], ["Mosaic"]
    )


# --- people, ages, sources --------------------------------------------------------------------------------------------


@given(st.dates(date(1900, 1, 1), date(2030, 1, 1)), st.dates(date(1930, 1, 1), date(2030, 12, 31)))
def test_age_is_completed_years(born: date, on: date) -> None:
    age = age_on(born, on)
    if born > on:
        assert age is None
        return
    assert age is not None
    assert (born.year + age, born.month, born.day) <= (on.year, on.month, on.day)
    assert (born.year + age + 1, born.month, born.day) > (on.year, on.month, on.day)


@pytest.mark.parametrize(("born", "words"), [
    (ON - timedelta(days=1), "1 day"), (ON - timedelta(days=15), "2 weeks"), (date(2026, 5, 24), "5 months"),
    (date(2025, 6, 1), "17 months"), (date(2024, 11, 23), "2"), (date(2012, 5, 12), "14"),
    (date(2027, 1, 1), "not yet born"),
])  # fmt: skip
def test_ages_of_babies_are_told_in_months_and_weeks(born: date, words: str) -> None:
    assert age_words(born, ON) == words


def test_spans_say_what_is_known() -> None:
    assert span_words(None, None, ON) == "start not recorded"
    assert span_words(date(2019, 5, 1), None, ON) == "since 1 May 2019"
    assert span_words(None, date(2017, 2, 1), ON) == "ended 1 February 2017"
    assert span_words(date(2027, 1, 1), None, ON) == "from 1 January 2027"
    assert day_words(date(2017, 2, 1)) == "1 February 2017"


def test_two_records_that_give_different_birthdays_are_shown_side_by_side() -> None:
    rows = [
        {"source": "mosaic", "record_id": "1", "forename": "Kate", "surname": "Williams", "dob": date(1985, 3, 21)},
        {"source": "lcs", "record_id": "2", "forename": "Kate", "surname": "Williams", "dob": date(1985, 3, 12)},
    ]
    facts = {fact.name: fact for fact in record_facts(rows, SOURCES)}
    assert facts["dob"].disagree
    assert not facts["record_id"].disagree
    assert not facts["name"].disagree
    assert [one.title for one in facts["name"].values[0][1]] == ["Mosaic", "LCS"]


def test_a_summary_leaves_out_what_is_not_recorded_twice_over() -> None:
    assert tommy().summary == "Male, 14, born 12 May 2012"
    assert person({"person_id": "x", "sex": "U"}, ON).summary == "Sex not recorded, date of birth not recorded"
    assert tommy(dob_estimated=True).summary == "Male, 14, born about 12 May 2012"


def test_a_source_is_stale_only_beyond_its_own_rhythm() -> None:
    assert SOURCES["police"].stale
    assert not SOURCES["school_census"].stale
    assert not SOURCES["housing"].stale


def test_provenance_names_an_unlisted_source_and_what_we_worked_out() -> None:
    assert provenance({"source": "elsewhere"}, SOURCES).title == "elsewhere"
    assert source_title("derived", SOURCES) == "Worked out by us"
    assert provenance({}, SOURCES).title == "Source not recorded"


def test_on_paper_few_sources_each_have_a_day_and_many_share_the_latest() -> None:
    told = [("", provenance({"source": name, "updated_on": date(2026, 1, number)}, SOURCES))
            for number, name in enumerate(("lcs", "mosaic", "police", "housing"), 1)]  # fmt: skip
    assert printed(told[:2]) == "LCS, last updated 1 January 2026; Mosaic, last updated 2 January 2026"
    assert printed(told) == "LCS, Mosaic, Police and Housing; last updated 4 January 2026"
    named = [("School" if place < 3 else "GP", one) for place, (_, one) in enumerate(told)]
    assert printed(named) == "School: LCS, Mosaic and Police; GP: Housing; last updated 4 January 2026"
    assert printed([("", provenance({"source": "lcs"}, SOURCES))] * 4).endswith("last updated not recorded")


def test_names_differ_only_where_more_than_a_middle_name_or_capitals_do() -> None:
    def name(*told: tuple[str, str, str]) -> tuple[bool, list[str]]:
        rows = [{"source": str(place), "forename": first, "middle_names": middle, "surname": last}
                for place, (first, middle, last) in enumerate(told)]  # fmt: skip
        (fact,) = record_facts(rows, SOURCES)
        return fact.disagree, [value for value, _ in fact.values]

    assert name(("KATE", "", "REED"), ("Kate", "", "Reed")) == (False, ["Kate Reed"])
    assert name(("Kate", "", "Reed"), ("KATE", "", "REED")) == (False, ["Kate Reed"])
    assert name(("Kate", "", "Reed"), ("Kate", "Ann", "Reed")) == (False, ["Kate Reed", "Kate Ann Reed"])
    assert name(("Kate", "", "Reed"), ("Katherine", "", "Reed"))[0]


def test_of_an_address_that_many_sources_give_the_sentence_says_how_many_and_since_when() -> None:
    names = ("lcs", "mosaic", "police", "school_census")
    rows = [lived("1 Mill Street", source=name, start=date(2020, place + 1, 1)) for place, name in enumerate(names)]
    (home,) = homes(rows, SOURCES, ON)
    assert home.since == "4 sources, the earliest since January 2020"
    (home,) = homes([{**row, "start": None} for row in rows], SOURCES, ON)
    assert home.since == "4 sources, start not recorded"
    assert [len(said) for _, said in home.lines] == [4]


def test_coverage_is_told_once_of_every_source_that_was_asked() -> None:
    found = coverage(faces(Held([spell()]), SOURCES, 40, ON, SHIELD), SOURCES)
    assert ("school_census", "School Census", "Whole council") in found
    assert [name for name, _, _ in found if name == "housing"] == [], "it is not connected"
    assert len({name for name, _, _ in found}) == len(found)
