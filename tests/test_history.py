"""Person ids from night to night: who was merged, split or is gone, and where an old id leads."""

from collections.abc import Mapping
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from graph.history import Became, Change, heirs, led_to, parts, read_history, write_history
from loaders.linkage.identity import changes, person_ids

Key = tuple[str, str]


def key(record: int) -> Key:
    return "mosaic", str(record)


def night(clusters: Mapping[int, int], previous: Mapping[Key, str]) -> dict[Key, str]:
    """person_id by record, ids carried over; `clusters` is the cluster of each record."""
    keys = [key(record) for record in clusters]
    ids = person_ids(list(clusters.values()), keys, previous)
    return {one: ids[cluster] for one, cluster in zip(keys, clusters.values(), strict=True)}


def test_two_people_who_turn_out_to_be_one() -> None:
    before = {key(1): "a", key(2): "a", key(3): "b"}
    after = night({1: 1, 2: 1, 3: 1}, before)
    assert set(after.values()) == {"a"}
    assert changes(before, after, "n") == [Change("b", "a", Became.MERGED, "n")]


def test_a_wrong_merge_undone() -> None:
    before = {key(1): "a", key(2): "a", key(3): "a"}
    after = night({1: 1, 2: 1, 3: 3}, before)
    (new,) = set(after.values()) - {"a"}
    assert changes(before, after, "n") == [Change("a", new, Became.SPLIT, "n")]
    assert not led_to(changes(before, after, "n"))


def test_a_record_that_is_no_longer_supplied() -> None:
    assert changes({key(1): "a"}, {}, "n") == [Change("a", "", Became.GONE, "n")]


def test_nothing_is_written_of_people_who_stay(tmp_path: Path) -> None:
    before = {key(1): "a", key(2): "b"}
    assert changes(before, {**before, key(3): "c"}, "n") == []
    write_history(tmp_path, [])
    assert read_history(tmp_path) == []


def test_an_old_id_leads_to_the_latest_whatever_happened_on_the_way(tmp_path: Path) -> None:
    told = [
        Change("a", "b", Became.MERGED, "1"),
        Change("b", "c", Became.MERGED, "2"),
        Change("d", "", Became.GONE, "2"),
    ]
    write_history(tmp_path, told)
    assert (tmp_path / "history.csv").stat().st_mode & 0o077 == 0
    assert read_history(tmp_path) == told
    assert led_to(read_history(tmp_path)) == {"a": "c", "b": "c"}
    assert led_to([*told, Change("c", "", Became.GONE, "3")]) == {}
    assert read_history(tmp_path / "nowhere") == read_history(None) == []


partitions = st.lists(st.dictionaries(st.integers(1, 8), st.integers(1, 4), min_size=1), min_size=2, max_size=5)


@given(partitions)
def test_whoever_was_merged_is_found_again_and_nobody_leads_astray(nights: list[dict[int, int]]) -> None:
    """Over any nights: an id in use leads nowhere else, and an old one leads to an id of the last night or to none."""
    told: list[Change] = []
    before: dict[Key, str] = {}
    for number, clusters in enumerate(nights):
        after = night(clusters, before)
        told += changes(before, after, str(number))
        before = after
    used = set(before.values())
    for old, new in led_to(told).items():
        assert new in used
        assert old not in used


@given(partitions)
def test_every_id_that_went_out_of_use_is_accounted_for(nights: list[dict[int, int]]) -> None:
    before: dict[Key, str] = {}
    for clusters in nights:
        after = night(clusters, before)
        accounted = {change.old for change in changes(before, after, "n") if change.became is not Became.SPLIT}
        assert accounted == set(before.values()) - set(after.values())
        before = after


@given(partitions)
def test_wherever_a_record_went_it_is_with_an_heir_of_who_it_was(nights: list[dict[int, int]]) -> None:
    told: list[Change] = []
    before: dict[Key, str] = {}
    were: dict[Key, list[str]] = {}
    for number, clusters in enumerate(nights):
        after = night(clusters, before)
        told += changes(before, after, str(number))
        were = {one: [*were.get(one, []), person] for one, person in after.items()}  # a record that is gone starts anew
        before = after
    onward = parts(told)
    for one, ids in were.items():
        assert all(before[one] in heirs(onward, person) for person in ids)
