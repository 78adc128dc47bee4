"""The people index: built once, checked, read by anybody, and never a person fewer than the scorer alone would show."""

import logging
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.errors import StorageFailed, UsageError
from graph.search import (
    LIMIT,
    Identifier,
    PeopleIndex,
    Query,
    Results,
    SearchRecord,
    build_index,
    names_of,
    rank,
    verify_index,
)
from tests.test_search_scoring import GOLDEN, GOLDEN_PEOPLE, TODAY

FORENAMES = (
    "Tommy Thomas Kate Katherine Alfie Alfred Mohammed Mo Sarah Sara Amelia Millie Jon John Aoife Anne-Marie".split()
)
SURNAMES = (
    "Williams Wiliams Smith Smyth Smith-Jones Jones O'Neill Oneill Pierce Peirce Stephenson Hussain van-Berg".split()
)
STREETS = ("Overdale Road", "Quarry Bank", "Mill Street", "Tanner Street")


def invented(dice: Random, number: int) -> SearchRecord:
    """A person of names that are easily confused."""
    postcode = f"AA{dice.randint(1, 3)} {dice.randint(1, 2)}A{dice.choice('AB')}"
    return SearchRecord(
        person_id=f"p{number:04}",
        names=names_of(
            dice.choice(FORENAMES),
            dice.choice(SURNAMES),
            other_names=[f"{dice.choice(FORENAMES)} {dice.choice(SURNAMES)}"] if dice.random() < 0.3 else [],
        ),
        sex=dice.choice("MFU"),
        dob=date(1980 + dice.randint(0, 3), dice.randint(1, 12), dice.randint(1, 12)) if dice.random() < 0.9 else None,
        postcodes=(postcode,) if dice.random() < 0.7 else (),
        address_lines=(f"{dice.randint(1, 20)} {dice.choice(STREETS)}",) if dice.random() < 0.7 else (),
        ids=(Identifier("Mosaic ID", str(1000 + number)),),
        place=postcode,
    )


@pytest.fixture(scope="module")
def crowd() -> list[SearchRecord]:
    dice = Random(7)
    return [invented(dice, number) for number in range(180)]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, crowd: list[SearchRecord]) -> PeopleIndex:
    folder = tmp_path_factory.mktemp("index") / "crowd"
    assert build_index(folder, crowd) == len(crowd)
    return PeopleIndex.open(folder)


@pytest.fixture
def golden_folder(tmp_path: Path) -> Path:
    build_index(tmp_path / "index", GOLDEN_PEOPLE)
    return tmp_path / "index"


def shown(results: Results) -> list[tuple[str, float, tuple[str, ...]]]:
    return [(hit.person_id, hit.score, hit.reasons) for hit in results.hits]


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: str(case["kind"]))
def test_the_index_finds_whom_the_scorer_would(case: dict[str, Any], golden_index: PeopleIndex) -> None:
    query = Query.from_form(**case["typed"], today=TODAY)
    assert shown(golden_index.search(query)) == shown(rank(query, GOLDEN_PEOPLE))


@pytest.fixture(scope="module")
def golden_index(tmp_path_factory: pytest.TempPathFactory) -> PeopleIndex:
    folder = tmp_path_factory.mktemp("index") / "golden"
    build_index(folder, GOLDEN_PEOPLE)
    return PeopleIndex.open(folder)


typed = st.fixed_dictionaries(
    {},
    optional={
        "surname": st.sampled_from(SURNAMES + FORENAMES),
        "forename": st.sampled_from(FORENAMES + SURNAMES),
        "dob_year": st.integers(1979, 1984),
        "dob_month": st.integers(1, 12),
        "dob_day": st.integers(1, 12),
        "age": st.integers(40, 48),
        "address": st.builds("{} {}".format, st.integers(1, 20), st.sampled_from(STREETS)),
        "postcode": st.sampled_from(("AA1 1AA", "AA2 2AB", "AA3 1AB", "AA1", "AA1 2")),
        "record_id": st.integers(990, 1190),
    },
)


@pytest.mark.parametrize("typed_", [{"surname": "Smith"}, {"forename": "Tommy", "dob_year": "1981"}, {"age": "44"}])
def test_the_excluded_are_neither_scored_nor_counted_nor_in_anybodys_way(
    tmp_path: Path, index: PeopleIndex, crowd: list[SearchRecord], typed_: dict[str, str]
) -> None:
    """Whoever is found first is excluded, so that the places they took, and "more", fall to others."""
    query = Query.from_form(**{"surname": "Smith", "dob_year": "1980", **typed_}, today=TODAY)
    gone = {hit.person_id for hit in index.search(query).hits[:12]}
    assert gone
    build_index(tmp_path / "without", [record for record in crowd if record.person_id not in gone])
    never = PeopleIndex.open(tmp_path / "without").search(query)
    found = index.search(query, excluded=gone)
    assert (shown(found), found.more) == (shown(never), never.more)
    assert shown(found) != shown(index.search(query))
    few = index.candidates(query, most=5, excluded=gone)
    assert len(few) == 5
    assert not gone & {record.person_id for record in few}


@given(typed=typed)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
def test_nobody_is_lost_between_index_and_scorer(
    typed: dict[str, Any], index: PeopleIndex, crowd: list[SearchRecord]
) -> None:
    """With fewer people than candidates, the index must hand the scorer everybody it would have shown."""
    try:
        query = Query.from_form(**typed, today=TODAY)
    except UsageError:
        return
    found, expected = index.search(query), rank(query, crowd)
    assert shown(found) == shown(expected)
    assert found.more == expected.more


anything = st.text() | st.text(alphabet="*?%\"'():<>=[]{}\\/&|-+~^ ORANDsmith0\x00é", max_size=150)


@given(words=st.tuples(*[anything] * 6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
def test_anything_may_be_typed(index: PeopleIndex, words: tuple[str, ...]) -> None:
    surname, forename, day, address, postcode, record_id = words
    for typed in (
        {"surname": surname, "forename": forename, "dob_day": day, "dob_month": day, "dob_year": day},
        {"surname": surname, "forename": forename, "record_id": record_id},
        {"surname": surname, "forename": forename, "address": address, "age": 44},
        {"address": address, "postcode": postcode, "record_id": "1"},
    ):
        try:
            query = Query.from_form(**typed, today=TODAY)
        except UsageError:
            continue
        assert len(index.search(query).hits) <= LIMIT


def test_long_and_odd_words_are_cut(index: PeopleIndex) -> None:
    for word in ("a " * 5_000, "x" * 10_000, "ﷺ" * 100, "9999-99-99", "😀" * 50, "\ud800" * 9):
        query = Query.from_form(surname="Smith " + word, forename=word + " Sara", address="1 Mill Street " + word)
        assert len(query.surname) <= 4
        assert len(query.address) <= 6
        index.search(query)


def test_wildcards_find_no_more_than_the_word_without(index: PeopleIndex) -> None:
    plain = index.search(Query.from_form(surname="Smith", forename="Sara", today=TODAY))
    for wild in ("Smith*", "Smith%", "*Smith", "Smith?", "surname:Smith", "Smith~2", "[Smith", "+Smith"):
        found = index.search(Query.from_form(surname=wild, forename="Sara", today=TODAY))
        assert {hit.person_id for hit in found.hits} <= {hit.person_id for hit in plain.hits}


def test_more_than_twenty_is_said(index: PeopleIndex, crowd: list[SearchRecord]) -> None:
    query = Query.from_form(surname="Smith", dob_year=1981, today=TODAY)
    found = index.search(query, limit=3)
    assert len(found.hits) == 3
    assert found.more
    assert len(rank(query, crowd, limit=200).hits) > 3


def test_what_the_index_was_not_given_never_matches(tmp_path: Path) -> None:
    """A shielded person: name, sex and date of birth stand in the class graph, nothing else."""
    whole = SearchRecord(
        "p1", names_of("Chloe", "Marsh", other_names=["Chloe Bell"]), "F", date(2013, 10, 8),
        ("AA6 9ZZ",), ("5 Elm Close, Marple",), (Identifier("Mosaic ID", "252001"),), "5 Elm Close",
    )  # fmt: skip
    hidden = SearchRecord("p1", names_of("Chloe", "Marsh"), "F", date(2013, 10, 8))
    questions: tuple[dict[str, Any], ...] = (
        {"postcode": "AA6 9ZZ"}, {"address": "5 Elm Close"}, {"record_id": "252001"},
        {"surname": "Bell", "forename": "Chloe"}, {"forename": "Chloe", "postcode": "AA6 9ZZ"},
    )  # fmt: skip
    build_index(tmp_path / "shield", [whole])
    build_index(tmp_path / "standard", [hidden])
    shield, standard = PeopleIndex.open(tmp_path / "shield"), PeopleIndex.open(tmp_path / "standard")
    for typed in questions:
        assert len(shield.search(Query.from_form(**typed)).hits) == 1, typed
        assert standard.search(Query.from_form(**typed)).hits == (), typed
    assert len(standard.search(Query.from_form(surname="Marsh", dob_year=2013)).hits) == 1


def test_an_empty_index_answers(tmp_path: Path) -> None:
    assert build_index(tmp_path / "index", []) == 0
    found = PeopleIndex.open(tmp_path / "index").search(Query.from_form(surname="Smith", forename="Sara"))
    assert found == Results((), more=False)


def test_nothing_typed_and_nobody_found_is_logged(golden_folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        PeopleIndex.open(golden_folder).search(Query.from_form(surname="Williams", forename="Tommy"))
    assert "illiams" not in caplog.text


# --- Files -----------------------------------------------------------------------------------------------------------


def test_opening_and_searching_writes_nothing_into_the_folder(golden_folder: Path) -> None:
    def state() -> dict[str, tuple[int, int]]:
        return {path.name: (path.stat().st_mtime_ns, path.stat().st_size) for path in golden_folder.iterdir()}

    before = state()
    for path in (*golden_folder.iterdir(), golden_folder):
        path.chmod(0o555 if path.is_dir() else 0o444)
    PeopleIndex.open(golden_folder).search(Query.from_form(surname="Williams", forename="Tommy"))
    assert state() == before
    golden_folder.chmod(0o755)


def test_an_open_index_outlives_its_folder(golden_folder: Path) -> None:
    index = PeopleIndex.open(golden_folder)
    shutil.rmtree(golden_folder)
    assert index.search(Query.from_form(surname="Williams", forename="Tommy", today=TODAY)).hits[0].person_id == "tommy"


def test_a_relative_folder_can_be_opened(golden_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(golden_folder.parent)
    assert len(PeopleIndex.open(Path("index"))) == len(GOLDEN_PEOPLE)


def test_threads_share_an_index(index: PeopleIndex) -> None:
    queries = [Query.from_form(surname=name, dob_year=1981, today=TODAY) for name in SURNAMES]
    alone = [shown(index.search(query)) for query in queries]
    with ThreadPoolExecutor(4) as pool:
        assert [shown(found) for found in pool.map(index.search, queries * 5)] == alone * 5


def test_an_index_opened_before_a_fork_answers_after_it(index: PeopleIndex) -> None:
    query = Query.from_form(surname="Smith", dob_year=1981, today=TODAY)
    expected = len(index.search(query).hits)
    child = os.fork()
    if child == 0:
        os._exit(0 if len(index.search(query).hits) == expected else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_a_folder_in_use_is_not_built_into(golden_folder: Path) -> None:
    with pytest.raises(StorageFailed, match="not empty"):
        build_index(golden_folder, GOLDEN_PEOPLE)


def test_a_folder_that_cannot_be_made_is_a_plain_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageFailed, match="could not be written"):
        build_index(tmp_path / "file" / "index", GOLDEN_PEOPLE)


def flip(folder: Path) -> None:
    path = max(folder.glob("*.store"), key=lambda file: file.stat().st_size)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(folder: Path) -> None:
    path = next(folder.glob("*.term"))
    path.write_bytes(path.read_bytes()[:-10])


def lose(folder: Path) -> None:
    next(folder.glob("*.idx")).unlink()


def age(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(path.read_text().replace('"format": 1', '"format": 0'))


def spoil(folder: Path) -> None:
    (folder / "manifest.json").write_text("[]")


def empty(folder: Path) -> None:
    shutil.rmtree(folder)


@pytest.mark.parametrize("harm", [flip, cut, lose, age, spoil, empty])
def test_a_harmed_index_is_refused_in_plain_words(golden_folder: Path, harm: Callable[[Path], None]) -> None:
    verify_index(golden_folder)
    harm(golden_folder)
    for check in (verify_index, PeopleIndex.open):
        with pytest.raises(StorageFailed, match=r"search index index .*Refresh again"):
            check(golden_folder)
