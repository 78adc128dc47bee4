"""The words of the person pages: relationships from the child's side, and the family in a sentence."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.vocabulary import inverse, vocabulary
from tests.present_rows import ON, SOURCES, family, link, lived, tommy
from web.present.people import person
from web.present.places import homes
from web.present.sentence import family_sentence, restricted_sentence
from web.present.words import NOT_NOUNS, seen_from, word

# --- relationships ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "forwards", "sex", "said"), [
    ("PARENT", True, "F", "Mother"), ("PARENT", False, "M", "Son"), ("PARENT", True, "U", "Parent"),
    ("GRANDPARENT", False, "F", "Granddaughter"), ("STEP_PARENT", True, "M", "Step-father"),
    ("FRIEND", False, "M", "Friend"), ("PARENTS_PARTNER", True, "M", "Parent's boyfriend"),
    ("PARTNER", True, "F", "Partner"), ("NEXT_OF_KIN", False, "F", "Names them as next of kin"),
])  # fmt: skip
def test_the_word_says_what_the_person_is_to_the_child(code: str, forwards: bool, sex: str, said: str) -> None:
    assert word(seen_from(code, forwards), sex) == said


def test_every_code_has_a_word_for_every_sex_without_brackets_or_slashes() -> None:
    for code in vocabulary():
        for sex in ("F", "M", "U", None):
            said = word(code, sex)
            assert said, code
            assert "/" not in said, code
            assert said[0].isupper(), code


@given(st.sampled_from(sorted(vocabulary())), st.sampled_from("FMU"))
def test_reading_an_edge_from_either_end_gives_inverse_words(code: str, sex: str) -> None:
    assert word(seen_from(code, False), sex) == word(inverse(code), sex)
    assert seen_from(inverse(code), False) == code


def test_parents_come_first_then_siblings_then_friends_and_ended_links_last() -> None:
    found = family(
        link("Old Friend", "FRIEND", end=date(2017, 2, 1)), link("Best Friend", "FRIEND"),
        link("Zain Reed", "SIBLING"), link("Gran Reed", "GRANDPARENT"), link("No Pr", "PARENT"),
        link("Has Pr", "PARENT", parental_responsibility="Y", dob=date(1995, 1, 1)),
    )  # fmt: skip
    assert [one.person.id for one in found] == [
        "Has Pr", "No Pr", "Zain Reed", "Gran Reed", "Best Friend", "Old Friend"
    ]  # fmt: skip
    assert found[-1].words == "Friend (ended)"
    assert found[-1].ended


def test_a_source_that_only_says_less_does_not_disagree_and_takes_no_room_in_the_words() -> None:
    less = link("Kate Williams", "FAMILY_GROUP_MEMBER", source="school_census")
    (one,) = family(link("Kate Williams", "PARENT"), less, link("Kate Williams", "NEXT_OF_KIN_FOR", source="lcs"))
    assert one.words == "Mother"
    assert one.disagreements == ()
    assert len(one.links) == 3, "every assertion is kept"
    (alone,) = family(less)
    assert alone.words == "In the same recorded family group"
    (two,) = family(link("Kate Williams", "PARENT"), less, link("Kate Williams", "AUNT_UNCLE", source="lcs"))
    assert two.kinship_disputed


def test_a_word_that_nobody_could_place_stands_as_the_source_wrote_it() -> None:
    (one,) = family(link("Ryan Doyle", "UNKNOWN", source_label="Bonus dad"))
    assert [words for words, _ in one.link_lines] == ["Start not recorded, recorded as “Bonus dad”"]
    (known,) = family(link("Ryan Doyle", "PARENT", source_label="Father"))
    assert [words for words, _ in known.link_lines] == ["Start not recorded"]


def test_assertions_that_read_the_same_share_a_line_that_names_their_sources() -> None:
    since = date(2012, 5, 12)
    (one,) = family(
        link("Kate Williams", "PARENT", start=since),
        link("Kate Williams", "PARENT", start=since, source="lcs"),
        link("Kate Williams", "PARENT", source="school_census"),
    )
    assert [(words, [said.title for said in who]) for words, who in one.link_lines] == [
        ("Since 12 May 2012", ["LCS", "Mosaic"]), ("Start not recorded", ["School Census"])
    ]  # fmt: skip


def test_an_end_still_to_come_has_not_ended() -> None:
    (one,) = family(link("Kate Williams", "FRIEND", end=ON + timedelta(days=1)))
    assert not one.ended


@pytest.mark.parametrize(("said", "words"), [
    ("Y", ["Holds parental responsibility"]), ("N", ["Does not hold parental responsibility"]), (None, []),
])  # fmt: skip
def test_parental_responsibility_is_what_is_recorded_and_nothing_else(said: str | None, words: list[str]) -> None:
    (one,) = family(link("Kate Williams", "BIRTH_PARENT", parental_responsibility=said))
    assert [item.words for item in one.responsibilities] == words


def test_parental_responsibility_belongs_to_the_older_end_of_the_link() -> None:
    kate = tommy(person_id="k", forename="Kate", sex="F", dob=date(1985, 3, 21))
    tom = link("Tommy Williams", "PARENT", forwards=False, sex="M", dob=date(2012, 5, 12), parental_responsibility="Y")
    (one,) = family(tom, centre=kate)
    assert one.words == "Son"
    assert [item.words for item in one.responsibilities] == ["Kate Williams holds it for him"]
    assert not one.holds_responsibility


def test_nobody_holds_parental_responsibility_for_an_adult_a_dead_person_or_before_birth() -> None:
    grown = tommy(dob=date(1997, 4, 26))
    (mother,) = family(link("Kate Williams", "PARENT", parental_responsibility="Y"), centre=grown)
    assert [item.words for item in mother.responsibilities] == [
        "Recorded as holding it: it ended when Tommy Williams turned 18"
    ]
    assert not mother.holds_responsibility
    (dead,) = family(
        link("Liam Williams", "PARENT", parental_responsibility="Y", status="deceased", dod=date(2020, 1, 11))
    )
    assert dead.responsibilities[0].words.startswith("Recorded as holding it: Liam Williams died 11 January 2020")
    assert not dead.holds_responsibility
    baby = tommy(status="unborn", dob=date(2027, 2, 14), sex="U")
    (expecting,) = family(link("Kate Williams", "PARENT_OF_UNBORN"), centre=baby)
    assert expecting.unrecorded == "Begins at birth"
    (friend,) = family(link("Paula Lee", "FRIEND"), centre=grown)
    assert friend.unrecorded == "Does not apply: both are 18 or over"
    (friend,) = family(link("Paula Lee", "FRIEND"))
    assert friend.unrecorded == "Not recorded"
    for centre, relative in ((grown, mother), (tommy(), dead), (baby, expecting)):
        assert "parental responsibility" not in family_sentence(centre, [], [relative], ["Mosaic"])


def test_a_seventeen_year_old_is_still_somebodys_responsibility() -> None:
    (mother,) = family(
        link("Kate Williams", "PARENT", parental_responsibility="Y"), centre=tommy(dob=date(2008, 11, 24))
    )
    assert mother.holds_responsibility


def test_former_says_itself_that_it_is_over_and_an_unborn_childs_brother_is_a_brother() -> None:
    (former,) = family(link("Kate Williams", "EX_SPOUSE", end=date(2017, 2, 1)))
    assert former.words == "Ex-wife"
    (brother,) = family(link("Musa Dube", "SIBLING_OF_UNBORN", sex="M"), centre=tommy(status="unborn", sex="U"))
    assert brother.words == "Brother"


def test_a_symmetric_link_does_not_say_who_holds_it() -> None:
    (one,) = family(link("Ann Reed", "SIBLING", parental_responsibility="Y"))
    assert [item.holds for item in one.responsibilities] == [None]
    assert "not which of the two" in one.responsibilities[0].words


def test_sources_that_agree_more_or_less_precisely_do_not_disagree() -> None:
    (one,) = family(link("Kate Williams", "PARENT"), link("Kate Williams", "BIRTH_PARENT", source="lcs"))
    assert one.disagreements == ()
    assert len(one.links) == 2


@pytest.mark.parametrize(("other", "about"), [
    ({"code": "STEP_PARENT"}, "the relationship"),
    ({"code": "PARENT", "end": date(2017, 2, 1)}, "whether the link has ended"),
    ({"code": "PARENT", "parental_responsibility": "N"}, "parental responsibility"),
])  # fmt: skip
def test_sources_that_disagree_stay_two_assertions_and_the_page_says_so(other: dict[str, Any], about: str) -> None:
    first = link("Kate Williams", "PARENT", parental_responsibility="Y")
    (one,) = family(first, {**first, "source": "lcs", **other})
    assert len(one.links) == 2
    (said,) = one.disagreements
    assert said.startswith(f"Sources disagree about {about}")
    assert "LCS" in said
    assert "Mosaic" in said


def test_one_source_with_two_links_does_not_disagree_with_itself() -> None:
    (one,) = family(link("Paula Lee", "FRIEND"), link("Paula Lee", "HOUSEMATE"))
    assert one.disagreements == ()
    assert one.words == "Housemate or lodger and friend"


# --- the sentence -----------------------------------------------------------------------------------------------------


def test_the_sentence_of_the_first_story() -> None:
    rows = [
        link("Kate Williams", "PARENT", parental_responsibility="Y"),
        link("Dominic Pierce", "PARENT", sex="M"),
        link("Paula Lee", "FRIEND"),
    ]
    places = homes([lived("320 Overdale Road, Romiley", start=date(2019, 5, 1))], SOURCES, ON)
    assert family_sentence(tommy(), places, family(*rows), ["Mosaic"]) == (
        "Tommy Williams, 14, lives at 320 Overdale Road, Romiley (Mosaic, since May 2019). Mosaic links 3 people to "
        "him: his mother Kate Williams, who holds parental responsibility; his father Dominic Pierce (parental "
        "responsibility not recorded); and his friend Paula Lee."
    )


def test_where_only_some_families_are_shown_the_sentence_says_so_and_counts_nobody_else() -> None:
    said = family_sentence(tommy(), [], family(link("Kate Williams", "PARENT")), ["Mosaic"], "In the families you see,")
    assert ". In the families you see, Mosaic links 1 person to him: " in said
    said = family_sentence(tommy(), [], [], ["Mosaic"], "In the families you see,")
    assert said.endswith(". In the families you see, Mosaic links nobody to him.")


def test_the_sentence_never_says_more_than_is_recorded() -> None:
    nobody = person({"person_id": "x", "forename": "Jo", "sex": "U"}, ON)
    assert family_sentence(nobody, [], [], ["Mosaic"]) == (
        "Jo, age not recorded, has no address recorded. Mosaic links nobody to them."
    )
    assert family_sentence(nobody, [], [], []).endswith("No source links anybody to them.")


def test_the_sentence_of_the_dead_and_the_unborn() -> None:
    gran = tommy(status="deceased", dob=date(1954, 2, 18), dod=date(2024, 12, 5))
    assert "who died on 5 December 2024 aged 70, has no address recorded" in family_sentence(gran, [], [], ["Mosaic"])
    baby = tommy(status="unborn", dob=date(2027, 2, 14), sex="U")
    assert family_sentence(baby, [], [], ["Mosaic"]).startswith("Tommy Williams is unborn, expected 14 February 2027. ")
    assert baby.summary == "Unborn, expected 14 February 2027"


def test_a_long_family_is_counted_and_ended_links_are_told_apart() -> None:
    rows = [link(f"Person {number}", "COUSIN") for number in range(9)]
    said = family_sentence(tommy(), [], family(*rows, link("Old Flame", "FRIEND", end=date(2017, 2, 1))), ["Mosaic"])
    assert "Mosaic links 9 people to him" in said
    assert "; and 3 more." in said
    assert said.endswith("; and 3 more. 1 further link has ended.")
    gone = family_sentence(tommy(), [], family(link("Old Flame", "FRIEND", end=date(2017, 2, 1))), ["Mosaic"])
    assert gone.endswith("Mosaic links nobody to him now; 1 link has ended.")


def test_a_dispute_is_said_in_the_sentence_and_not_settled() -> None:
    ryan = link("Ryan Doyle", "STEP_PARENT", sex="M", source="lcs")
    friend = link("Ryan Doyle", "FRIEND", sex="M", end=date(2024, 1, 1))
    said = family_sentence(tommy(), [], family(ryan, friend), ["Mosaic"])
    assert "Ryan Doyle, his step-father in LCS but friend (ended) in Mosaic" in said
    said = family_sentence(tommy(), [], family(ryan, link("Ryan Doyle", "ALLEGED_PERPETRATOR")), ["Mosaic"])
    assert "Ryan Doyle, about whose relationship the sources disagree" in said


@given(st.lists(st.sampled_from(sorted(vocabulary())), max_size=9), st.sampled_from("FMU"))
def test_any_family_makes_whole_sentences(codes: list[str], sex: str) -> None:
    rows = [link(f"P {index}", code, sex=sex) for index, code in enumerate(codes)]
    said = family_sentence(tommy(), [], family(*rows), [])
    assert said.endswith(".")
    assert ".." not in said
    assert "None" not in said
    for code in set(codes) & NOT_NOUNS:
        kin = word(code, sex)
        assert f"his {kin[:1].lower()}{kin[1:]}" not in said


def test_a_restricted_person_has_a_sentence_of_their_own() -> None:
    assert restricted_sentence(tommy()) == (
        "Tommy Williams’ record is restricted. Ask the shield desk before you do anything with it."
    )
