"""Nights after the first: a kept model gives the same weights, and kept scores give the same people."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from graph.errors import DataRefused
from loaders.linkage import Linked, link
from loaders.linkage.nights import FILE, Night, read_night, write_night
from loaders.linkage.trained import Trained, read_trained, write_trained
from tests.linked_council import Tables, first_night, tables


def trained(linked: Linked) -> Trained:
    assert linked.trained is not None
    return linked.trained


def joined(linked: Linked) -> set[frozenset[tuple[str, str]]]:
    people: dict[str, set[tuple[str, str]]] = {}
    for row in linked.clusters.to_pylist():
        people.setdefault(row["person_id"], set()).add((row["source"], row["record_id"]))
    return {frozenset(records) for records in people.values()}


def weights(linked: Linked) -> dict[tuple[str, ...], tuple[float, str]]:
    assert linked.night is not None
    return {
        (row["source_l"], row["record_id_l"], row["source_r"], row["record_id_r"]): (row["match_weight"], row["guard"])
        for row in linked.night.scores.to_pylist()
    }


def changed() -> Tables:
    """The council a night later: some surnames changed, some people gone, some new."""
    people, addresses = tables()
    numbers = np.arange(people.num_rows)
    surnames = people["surname"].to_pylist()
    for place in numbers[::97]:
        surnames[place] = "Abernathy"
    later = people.set_column(people.schema.get_field_index("surname"), "surname", pa.array(surnames, pa.string()))
    new = later.slice(7, 5)
    ids = pa.array([f"9{one}" for one in new["record_id"].to_pylist()], pa.string())
    new = new.set_column(new.schema.get_field_index("record_id"), "record_id", ids)
    kept = later.filter(pa.array(numbers % 113 != 0))
    return pa.concat_tables([kept, new]), addresses


def test_a_kept_model_gives_the_weights_it_was_learnt_with(tmp_path: Path) -> None:
    write_trained(tmp_path / "model.json", trained(first_night()))
    kept = read_trained(tmp_path / "model.json")
    assert kept == trained(first_night())
    again = link(*tables(), trained=kept)
    assert joined(again) == joined(first_night())
    before, after = weights(first_night()), weights(again)
    assert before.keys() == after.keys()
    assert all(abs(before[pair][0] - after[pair][0]) <= 2e-4 for pair in before)
    assert again.report["pairs_reused"] == 0


def test_a_night_that_scores_only_what_changed_gives_what_a_full_one_gives() -> None:
    model, later = trained(first_night()), changed()
    last = link(*tables(), trained=model).night
    full = link(*later, trained=model)
    short = link(*later, trained=model, last=last)
    assert weights(short) == weights(full)
    assert joined(short) == joined(full)
    assert 0.8 < short.report["pairs_reused"] / short.report["pairs_scored"] < 1


def test_a_changed_record_is_scored_again() -> None:
    """The control: were a changed record's old score taken up, the two nights above would differ."""
    model, later = trained(first_night()), changed()
    last = link(*tables(), trained=model).night
    assert last is not None
    full = weights(link(*later, trained=model))
    scores = last.scores
    forged = scores.set_column(
        scores.schema.get_field_index("match_weight"), "match_weight", pc.add(scores["match_weight"], 1.0)
    )
    short = weights(link(*later, trained=model, last=replace(last, scores=forged)))
    wrong = {pair for pair in full if short[pair] != full[pair]}
    renewed = full.keys() - wrong
    assert wrong
    assert renewed
    touched = {(row["source"], row["record_id"]) for row in later[0].to_pylist() if row["surname"] == "Abernathy"}
    assert not any((one, a) in touched or (other, b) in touched for one, a, other, b in wrong)


def test_scores_of_another_model_are_not_taken_up(tmp_path: Path) -> None:
    night = first_night().night
    assert isinstance(night, Night)
    write_night(tmp_path, night)
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0
    again = read_night(tmp_path, night.model)
    assert again is not None
    assert again.scores.equals(night.scores)
    assert read_night(tmp_path, "another") is None
    assert read_night(tmp_path / "nowhere", night.model) is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": "2020-01-1"}, "version 2020-01-1"),
        ({"prior": 0.9}, "prior"),
        ({"surname": [(0.01, 0.9)] * 6}, "surname are not credible"),
        ({"dob": [(0.9, 0.1)]}, "dob has 1 levels"),
        ({"sex": [(1.2, 0.5), (0.1, 0.5)]}, "no probability"),
    ],
)
def test_a_model_that_cannot_be_believed_is_neither_written_nor_read(
    tmp_path: Path, change: dict[str, object], said: str
) -> None:
    """A model that says records of one person mostly differ in surname, or that any two are one person."""
    learnt = trained(first_night())
    own = {name: value for name, value in change.items() if name in ("version", "prior")}
    parameters = {**learnt.parameters, **{name: value for name, value in change.items() if name not in own}}
    wrong = replace(learnt, parameters=parameters, **own)  # type: ignore[arg-type]
    with pytest.raises(DataRefused, match=said):
        write_trained(tmp_path / "model.json", wrong)
    write_trained(tmp_path / "model.json", learnt)
    text = (tmp_path / "model.json").read_text("utf-8")
    (tmp_path / "model.json").write_text(text.replace(f'"prior": {learnt.prior}', '"prior": 0.9'), "utf-8")
    with pytest.raises(DataRefused, match="flask train"):
        read_trained(tmp_path / "model.json")
    (tmp_path / "model.json").write_text("{", "utf-8")
    with pytest.raises(DataRefused, match="no trained model"):
        read_trained(tmp_path / "model.json")


def test_a_model_of_an_earlier_program_is_learnt_anew(tmp_path: Path) -> None:
    """An upgrade must not stop the night after it."""
    write_trained(tmp_path / "model.json", trained(first_night()))
    text = (tmp_path / "model.json").read_text("utf-8")
    (tmp_path / "model.json").write_text(text.replace(trained(first_night()).version, "2020-01-1"), "utf-8")
    assert read_trained(tmp_path / "model.json") is None


def test_no_model_on_file_is_no_error(tmp_path: Path) -> None:
    assert read_trained(tmp_path / "model.json") is None


def test_the_model_names_nobody_rare() -> None:
    """A surname that few people have is not kept in the model's file."""
    learnt = trained(first_night())
    assert learnt.trained_on <= date.today()
    assert all(share * learnt.records >= 4 for shares in learnt.frequencies.values() for share in shares.values())
