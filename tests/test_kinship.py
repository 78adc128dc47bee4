"""Words for relationships: `fixtures/clean/kinship.csv` holds words as sources write them, and their codes."""

import csv
import tomllib
from collections.abc import Callable, Iterable
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.vocabulary import vocabulary
from loaders.clean import wordlists
from loaders.clean.kinship import UNKNOWN, Kin, Pair, build, no_link, read_kin, read_pair
from web.present.words import SAME_AS

FIXTURES = Path(__file__).parents[1] / "fixtures" / "clean"
TABLE = wordlists.read("kinship")
LABELS: dict[str, list[str]] = tomllib.loads(
    files("loaders.council").joinpath("labels.toml").read_text(encoding="utf-8")
)


def cases() -> Iterable[dict[str, str]]:
    with (FIXTURES / "kinship.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case['source']} {case['word']}")
def test_words_as_sources_write_them(case: dict[str, str]) -> None:
    assert read_kin(case["word"], case["system"]) == Kin(case["code"], case["sex"])


@pytest.mark.parametrize("name", vocabulary())
def test_every_code_and_every_label_of_the_vocabulary_is_a_word_for_it(name: str) -> None:
    code = vocabulary()[name]
    assert read_kin(name).code == name
    for label, sex in ((code.label, ""), (code.female_label, "F"), (code.male_label, "M")):
        for word in (part for part in label.partition(" (")[0].split(" / ") if part):
            said = read_kin(word)
            assert said.code == name
            assert said.sex in (sex, "")


def test_every_code_can_be_said() -> None:
    build(TABLE)
    assert {read_kin(word).code for word in vocabulary()} == set(vocabulary())


@pytest.mark.parametrize("code", LABELS)
def test_the_words_the_invented_council_writes_mean_what_it_meant(code: str) -> None:
    """Or, where a system has no word for it, the plainer code that does not contradict."""
    for word in LABELS[code][:3]:
        assert not word or read_kin(word).code in (code, SAME_AS.get(code))


@pytest.mark.parametrize(
    ("label", "pair"),
    [
        ("Mother : Son", Pair("PARENT", "F", "M")),
        ("Father : Unborn Child", Pair("PARENT_OF_UNBORN", "M", "")),
        ("Sister : Unborn Sibling", Pair("SIBLING_OF_UNBORN", "F", "")),
        ("Foster Carer : Support Carer", Pair("SUPPORTED_FOSTER_CARER", "", "")),
        ("Support Carer : Foster Carer", Pair("SUPPORT_CARER", "", "")),
        ("Grandmother", Pair("GRANDPARENT", "F", "")),
        ("Zookeeper : Son", Pair("UNKNOWN", "", "")),
    ],
)
def test_a_label_may_name_both_ends(label: str, pair: Pair) -> None:
    assert read_pair(label) == pair


@pytest.mark.parametrize(
    ("word", "nothing"),
    [
        ("DUPLICATE", True),
        ("NOX", True),
        ("Self", True),
        ("Social Worker", True),
        ("Mother", False),
        ("", False),
        ("Support Worker : Client", True),
        ("Client : Social Worker", True),
        ("Wife : Main tenant", False),
        ("Zookeeper : Client", False),
    ],
)
def test_words_that_are_no_relationship(word: str, nothing: bool) -> None:
    assert no_link(word) is nothing
    assert not nothing or read_kin(word) == UNKNOWN


@given(st.text(max_size=60), st.sampled_from(["", "nhs", "fhir", "pds", "gedcom", "no such system"]))
def test_any_text_is_a_code_of_the_vocabulary(text: str, system: str) -> None:
    kin = read_kin(text, system)
    assert kin.code in vocabulary()
    assert kin.sex in ("", "F", "M")


@pytest.mark.parametrize("written", [str.lower, str.upper, str.title, str.swapcase])
@pytest.mark.parametrize("between", [" ", "  ", "-", "_", "--", " - ", "\t", "\u00a0"])
def test_case_spaces_and_hyphens_do_not_matter(between: str, written: Callable[[str], str]) -> None:
    differ = {
        word
        for word in (case["word"] for case in cases() if len(case["word"]) > 1)
        if read_kin(f" {written(word).replace(' ', between)} ") != read_kin(word)
    }
    assert not differ


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("words.PARENT.any", ["parent", "son"], "'son' stands under PARENT already"),
        ("words.PARENT.any", ["parent", True], "entry 2 (True) is not a text"),
        ("words.PARENT.any", ["parent", "parent"], "entry 2 ('parent') stands twice"),
        ("words.PARENT.any", "parent", "must be a list"),
        ("words.PARENT.X", ["parent"], "'X' is none of any, F, M"),
        ("words.NOT_A_CODE", {"any": ["zookeeper"]}, "'NOT_A_CODE' is no code"),
        ("pairs", [["PARENT", "CHILD"]], "a left code, a right code"),
        ("pairs", None, "must be a list"),
        ("systems.nhs.BPX", ["BIRTH_PARENT", "X"], "F or M"),
        ("sides.codes", ["NOPE"], "'NOPE' is no code"),
        ("no_link", [1], "entry 1 (1) is not a text"),
    ],
)
def test_a_bad_entry_is_refused_and_named(path: str, value: object, says: str) -> None:
    keys = path.split(".")
    table = dict(TABLE)
    inner = table
    for key in keys[:-1]:
        inner[key] = dict(inner[key])
        inner = inner[key]
    inner[keys[-1]] = value
    with pytest.raises(wordlists.BadTable) as refusal:
        build(table)
    assert says in refusal.value.message
    assert "kinship.yaml" in refusal.value.message


def test_a_missing_part_is_named() -> None:
    with pytest.raises(wordlists.BadTable, match=r"kinship\.yaml has no entry 'words'"):
        build({})


@pytest.mark.parametrize(
    ("text", "says"),
    [("a: [1", "near line"), ("a: 1\na: 2", "'a' stands twice"), ("- a", "named lists"), ("yes: 1", "named lists")],
)
def test_a_text_that_is_no_table_is_refused(text: str, says: str) -> None:
    with pytest.raises(wordlists.BadTable) as refusal:
        wordlists.parse(text, "words.yaml")
    assert says in refusal.value.message
    assert "words.yaml" in refusal.value.message
