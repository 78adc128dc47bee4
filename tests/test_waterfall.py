"""A pair's weight drawn: the steps add up, every bar lies on the drawing, and the words say what the weights do."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.evidence import Evidence, Field, Pair
from loaders.linkage.settings import GUARDED
from tests.published import BUILD, published
from web.present.review_words import alarm_words, chance, field_words, in_a_line, reason, signed
from web.present.waterfall import WIDTH, waterfall

WEIGHTS = st.floats(-30, 30).map(lambda one: round(one, 3))


def field(weight: float, *, level: str = "same", name: str = "surname", known: bool = True, rarity: float = 0) -> Field:
    return Field(name, name.capitalize(), level, "", weight, rarity, known=known)


def pair(*weights: float, prior: float = -12.0, guard: str = "", held: float | None = None) -> Pair:
    fields = tuple(field(one) for one in weights)
    total = prior + sum(weights) if held is None else held
    return Pair(("lcs", "1"), ("mosaic", "2"), "a", "b", total, guard, prior, fields)


@given(st.lists(WEIGHTS, max_size=14), st.floats(-25, -1), st.sampled_from(["", "twins"]))
def test_each_step_begins_where_the_last_one_ended_and_they_end_at_the_sum(
    weights: list[float], prior: float, guard: str
) -> None:
    total = prior + sum(weights)
    one = pair(*weights, prior=prior, guard=guard, held=min(total, -5.0) if guard else total)
    drawn = waterfall(one)
    *steps, last = drawn.steps
    assert last.weight == one.weight
    assert sum(step.weight for step in steps) == pytest.approx(one.weight, abs=0.06)
    for before, after in pairwise(steps):
        edges = after.x, after.x + after.width
        assert min(abs(before.end - edge) for edge in edges) <= 1.7
    for step in drawn.steps:
        assert 0 <= step.x <= step.x + step.width <= WIDTH + 1.5
        assert 0 < step.y < drawn.height
    assert 0 <= drawn.zero <= WIDTH


def test_a_field_with_nothing_to_compare_is_no_step() -> None:
    one = replace(pair(3.0), fields=(field(3.0), field(0.0, known=False)))
    assert [step.title for step in waterfall(one).steps] == ["Any two records compared", "Surname", "Sum"]


def test_what_a_rule_takes_away_is_a_step_of_its_own() -> None:
    steps = waterfall(pair(20.0, guard="twins", held=-5.0)).steps
    assert [(one.title, one.said, one.kind) for one in steps[-2:]] == [
        ("Held back by a rule", "−13.0", "against"), ("Sum", "−5.0", "sum")]  # fmt: skip


def test_the_published_pairs_are_told_in_words() -> None:
    evidence = Evidence(published() / "builds" / BUILD)
    for one in (pair for guard in evidence.guards() for pair in evidence.doubtful(guard, 50)):
        assert reason(one).words.endswith(".")
        for each in one.fields:
            assert field_words(each)
            assert "_" not in field_words(each)


@pytest.mark.parametrize(
    ("weight", "words"),
    [(20.0, "more than 9,999 in 10,000"), (10.0, "about 9,990 in 10,000"), (0.0, "about 50 in 100"),
     (-3.0, "about 11 in 100"), (-9.0, "less than 1 in 100")],
)  # fmt: skip
def test_a_chance_is_never_said_to_be_certain(weight: float, words: str) -> None:
    assert chance(pair(held=weight)) == words


def test_words_of_weights_rarity_titles_and_rules() -> None:
    assert [signed(one) for one in (6.25, -3.0, 0.0, -0.01)] == ["+6.2", "−3.0", "+0.0", "+0.0"]
    assert field_words(field(1, rarity=2.5)) == "the same, a rare one"
    assert field_words(field(1, rarity=-2.5)) == "the same, a common one"
    assert field_words(field(1, name="dob", level="swapped")) == "day and month swapped"
    assert [in_a_line(one) for one in ("NHS number", "Date of birth")] == ["NHS number", "date of birth"]
    assert reason(pair(guard="a new rule")).slug == "a-new-rule"
    assert (reason(pair(20.0)).slug, reason(pair(2.0)).slug) == ("others", "near")


def test_every_rule_has_words_of_its_own() -> None:
    said = {reason(pair(guard=one)).words for one in GUARDED}
    assert len(said) == len(GUARDED)
    assert "A rule keeps them apart." not in said


def test_a_weight_that_a_rule_has_set_is_no_chance() -> None:
    assert chance(pair(20.0, guard="twins", held=-5.0)) == ""


def test_an_alarm_says_why() -> None:
    loose, large = (Evidence(published() / "builds" / BUILD).alarms()[0] for _ in range(2))
    assert "21 records" in alarm_words(large)
    assert "hardly agree" in alarm_words(replace(loose, kind="loose", figure=1.5))
