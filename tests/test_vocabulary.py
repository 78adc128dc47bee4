"""The relationship vocabulary itself: every code has its opposite, its words for either reader, and its place in a
picture. `fixtures/clean/labels.csv` is what readers see; `python -m tests.test_vocabulary` writes it again.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.vocabulary import canonical, code, inverse, vocabulary
from web.present.words import seen_from, word

LABELS = Path(__file__).parents[1] / "fixtures" / "clean" / "labels.csv"
CODES = list(vocabulary())
SEXES = ("F", "M", "U")


def labels() -> Iterator[tuple[str, ...]]:
    """For each code: the words for a woman, a man and a person of unknown sex who is CODE of the reader's person, and
    the words for the other one, seen from the first.
    """
    yield ("code", *SEXES, *(f"other {sex}" for sex in SEXES))
    for name in CODES:
        yield (name, *(word(name, sex) for sex in SEXES), *(word(seen_from(name, False), sex) for sex in SEXES))


def test_the_vocabulary_has_its_84_codes() -> None:
    assert len(CODES) == 84


@pytest.mark.parametrize("name", CODES)
def test_a_code_and_its_inverse_are_opposites(name: str) -> None:
    here, there = vocabulary()[name], vocabulary()[inverse(name)]
    assert there.inverse_code == name
    assert here.symmetric == (here.inverse_code == name)
    assert (here.category, here.symmetric, here.blood) == (there.category, there.symmetric, there.blood)
    assert here.default_visibility == there.default_visibility
    assert here.genogram_line == there.genogram_line


@pytest.mark.parametrize("name", CODES)
def test_generations_are_antisymmetric(name: str) -> None:
    mine, theirs = code(name).generation_offset, code(inverse(name)).generation_offset
    assert (mine is None) == (theirs is None)
    assert (mine or 0) == -(theirs or 0)
    assert code(name).min_years_older is None or (mine or 0) > 0


@pytest.mark.parametrize("name", CODES)
def test_every_code_says_how_it_is_drawn(name: str) -> None:
    assert code(name).genogram_line != ""


@pytest.mark.parametrize("name", CODES)
def test_the_stored_edge_reads_back_as_it_was_said_from_either_end(name: str) -> None:
    for first, second in (("a", "b"), ("b", "a")):
        source, stored, target = canonical(first, name, second)
        assert canonical(second, inverse(name), first) == (source, stored, target)
        assert seen_from(stored, source == first or code(name).symmetric) == name
        assert seen_from(stored, target == first and not code(name).symmetric) == inverse(name)


@pytest.mark.parametrize("name", CODES)
@pytest.mark.parametrize("sex", SEXES)
def test_every_reader_has_words_for_every_code(name: str, sex: str) -> None:
    words = word(name, sex)
    assert words[:1].isupper()
    assert "(" not in words.replace("(connected person)", "")
    assert "_" not in words


def test_readers_see_the_words_of_the_golden_file() -> None:
    with LABELS.open(encoding="utf-8", newline="") as lines:
        assert [tuple(row) for row in csv.reader(lines)] == list(labels()), "python -m tests.test_vocabulary, then read"


def test_a_word_for_one_sex_is_never_said_of_the_other() -> None:
    by_sex = {sex: {word(name, sex) for name in CODES} for sex in SEXES}
    neutral = by_sex["U"]
    assert (by_sex["F"] - neutral).isdisjoint(by_sex["M"])
    assert (by_sex["M"] - neutral).isdisjoint(by_sex["F"])


if __name__ == "__main__":
    with LABELS.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows(labels())
