"""What linking reads: names, dates, addresses, and any list of people with its columns by many names."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from graph.errors import UsageError
from loaders.linkage.columns import recognise
from loaders.linkage.commands import link_command
from loaders.linkage.dates import Birth, read_birth
from loaders.linkage.lists import read_list
from loaders.linkage.names import forename_forms, forename_keys, surname_forms, tokens
from loaders.linkage.places import place
from loaders.linkage.prepare import prepare


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("alfie", "alfred", True),
        ("liz", "elizabeth", True),
        ("tommy", "thomas", True),
        ("mohammed", "muhammad", True),
        ("kasia", "katarzyna", True),
        ("sasha", "alexander", True),
        ("jack", "john", True),
        ("oliver", "olivia", False),
        ("ruby", "rose", False),
        ("robert", "willie", False),
    ],
)
def test_forms_of_a_forename(one: str, other: str, alike: bool) -> None:
    assert bool(forename_keys(one) & forename_keys(other)) is alike


def test_names_are_folded_and_placeholders_are_none() -> None:
    assert surname_forms("O'Brien-Müller") == ("obrienmuller", "obrien", "muller")
    assert surname_forms("van der Berg") == ("vanderberg", "berg")
    assert tokens("Mrs Anne-Marie") == ("annemarie",)
    assert [forename_forms(text)[0] for text in ("De La Cruz", "Al-Amin", "Di")] == ["delacruz", "alamin", "di"]
    assert [tokens(text) for text in ("Unknown", "not known", "BABY", "", "Baby Boy")] == [()] * 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2012-05-12", ("2012", "05", "12")),
        ("12/05/2012", ("2012", "05", "12")),
        ("20120512", ("2012", "05", "12")),
        ("1980", ("1980", None, None)),
        ("1980-05", ("1980", "05", None)),
        ("--05-12", (None, "05", "12")),
        ("2012-May-12 00:00:00", ("2012", "05", "12")),
        ("12 May 2012", ("2012", "05", "12")),
        ("19831392", ("1983", "13", "92")),
        ("1900-01-01", (None, None, None)),
        ("1970-01-01", (None, None, None)),
        ("soon", (None, None, None)),
        ("", (None, None, None)),
    ],
)
def test_dates_are_read_as_far_as_they_go(text: str, expected: tuple[str | None, ...]) -> None:
    assert read_birth(text) == Birth(*expected)


def test_addresses_meet_in_spite_of_abbreviations() -> None:
    one, other = place("Flat 2, 14 Quarry Road, Oldmere", "aa1 2bd"), place("flat 2 14 Quarry Rd.", "AA1 2BD")
    assert one.place_key == other.place_key == "AA12BD|2-14"
    assert one.street_key == other.street_key
    assert place("No fixed abode", None).words == ()


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def run(tmp_path: Path, text: str, *options: str) -> tuple[Result, Path, Path]:
    """`flask link` on a list, and where it wrote."""
    source, out, explain = tmp_path / "in.csv", tmp_path / "clusters.csv", tmp_path / "pairs.csv"
    source.write_text(text, encoding="utf-8")
    return (
        CliRunner().invoke(link_command, [str(source), "--out", str(out), "--explain", str(explain), *options]),
        out,
        explain,
    )


LIST = """Rec_ID,First_Name,LAST_NAME,Date of Birth,Street_Number,Address_1,Post_Code,Shoe
1,Michael,Attercliffe,1980-05-12,12,Foo Street,AA1 1AA,9
2,Mike,Attercliffe,12/05/1980,12,Foo St,AA1 1AA,9
3,Anna,Jessop,1990-02-01,1,Bar Road,AA2 2BB,5
"""


def test_any_list_is_linked(tmp_path: Path) -> None:
    result, out, explain = run(tmp_path, LIST)
    assert result.exit_code == 0, result.output
    rows = read(out)
    assert [list(row) for row in rows] == [["source", "record_id", "person_id", "cluster_size"]] * 3
    assert rows[0]["person_id"] == rows[1]["person_id"] != rows[2]["person_id"]
    assert [row["cluster_size"] for row in rows] == ["2", "2", "1"]
    [pair] = read(explain)
    assert list(pair) == [
        "source_l",
        "record_id_l",
        "source_r",
        "record_id_r",
        "match_weight",
        "match_probability",
        "joined",
    ]
    assert pair["joined"] == "true"
    assert float(pair["match_weight"]) > 0
    assert "Shoe" in result.output


def test_a_source_may_be_said_to_hold_each_person_once(tmp_path: Path) -> None:
    result, out, _ = run(tmp_path, LIST, "--unique-in", "list")
    assert result.exit_code == 0
    assert {row["cluster_size"] for row in read(out)} == {"1"}


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("a,b\n1,2\n", 2, "first_name"),
        ("forename,surname\nA,B\n", 2, "never links"),
        ("forename,surname,dob\n", 65, "no rows"),
        ("forename,surname,dob\nA,B\n", 65, "line 2"),
        ('forename,surname,dob\n"A,B,2000-01-01\n', 65, "line"),
        ("id,forename,surname,dob\n1,A,B,2000-01-02\n1,C,D,2000-01-03\n", 65, "more than once"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused_in_plain_words(tmp_path: Path, text: str, code: int, says: str) -> None:
    result, out, _ = run(tmp_path, text)
    assert (result.exit_code, out.exists()) == (code, False)
    assert says in result.output
    assert "Traceback" not in result.output


def test_columns_go_by_many_names() -> None:
    columns, parts, ignored = recognise(
        ["Given-Name", "FAMILY NAME", "soc_sec_id", "house_number", "Street", "ZIP", "hat"], {}
    )
    assert set(columns) == {"forename", "surname", "id_national", "postcode"}
    assert (parts, ignored) == (["house_number", "Street"], ["hat"])
    renamed, _, _ = recognise(["n1", "n2", "born"], {"n1": "forename", "n2": "surname", "born": "dob"})
    assert set(renamed) == {"forename", "surname", "dob"}
    with pytest.raises(UsageError, match="given_name"):
        recognise(["shoe"], {})


def test_a_full_name_in_one_column_is_parted(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text('name,dob\nAnn Bee,2000-01-02\n"Cee, Dan",2000-01-03\n', encoding="utf-8")
    people: Sequence[Mapping[str, Any]] = read_list(tmp_path / "in.csv").people.to_pylist()
    assert [(row["forename"], row["surname"]) for row in people] == [("Ann", "Bee"), ("Dan", "Cee")]


def test_a_number_that_fails_its_check_is_none_and_a_column_of_them_is_the_lists_own(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text(
        "forename,surname,nhs_number,llid,upn\nA,B,9990000018,SSD_PH,77123\nC,D,9990000019,9,77124\n", encoding="utf-8"
    )
    found = read_list(path)
    people: Sequence[Mapping[str, Any]] = found.people.to_pylist()
    assert [row["nhs_number"] for row in people] == ["9990000018", None]
    assert [row["llid"] for row in people] == [None, "9"]
    assert [row["id_upn"] for row in people] == ["77123", "77124"]
    assert "upn" not in found.columns


def test_it_says_when_a_usual_threshold_would_return_nothing(tmp_path: Path) -> None:
    few = "forename,surname,dob\nA,Lee,1980\nAnn,Lee,1980-05\n"
    assert "a threshold of 0.95 would return nothing" in run(tmp_path, few)[0].output
    assert "nothing is joined at any threshold" in run(tmp_path, "name,dob\nA B,1980-02-03\nC D,1999-01-02\n")[0].output
    assert "threshold" not in run(tmp_path, LIST)[0].output


def test_with_the_matrix_a_source_may_still_be_said_to_hold_each_person_once(tmp_path: Path) -> None:
    person = "Ann,Lee,1980-02-03,AA1 1AA"
    people = f"source,record_id,forename,surname,dob,postcode\nlcs,1,{person}\nlcs,2,{person}\n"
    together = run(tmp_path, people, "--matrix")[1]
    assert {row["cluster_size"] for row in read(together)} == {"2"}
    apart = run(tmp_path, people, "--matrix", "--unique-in", "lcs")[1]
    assert {row["cluster_size"] for row in read(apart)} == {"1"}


@pytest.mark.parametrize("born", ["1980", "1980-05", "--05-12", "12/05/1980", "19801305", "never", ""])
def test_every_row_comes_out_whatever_its_date_of_birth(tmp_path: Path, born: str) -> None:
    result, out, _ = run(tmp_path, f"forename,surname,dob,postcode\nAnn,Lee,{born},AA1 1AA\nBob,Ray,{born},AA2 2BB\n")
    assert result.exit_code == 0, result.output
    assert [row["record_id"] for row in read(out)] == ["1", "2"]


def test_a_list_longer_than_one_batch_is_read_whole_and_each_record_keeps_its_home(tmp_path: Path) -> None:
    path, many = tmp_path / "in.csv", 50_003
    rows = (f"A,B,{n % 97},Street {n % 13}\n" for n in range(many))
    path.write_text("forename,surname,house_no,street\n" + "".join(rows), encoding="utf-8")
    found = read_list(path)
    assert found.people["record_id"].to_pylist() == [str(n) for n in range(1, many + 1)]
    assert found.addresses["record_id"].to_pylist()[-1] == str(many)
    made = prepare(found.people, found.addresses)
    assert made["uid"].to_pylist() == list(range(many))
    places = {row["record_id"]: row["text"] for row in found.addresses.select(["record_id", "text"]).to_pylist()}
    kept = dict(zip(made["record_id"].to_pylist(), made["address_words"].to_pylist(), strict=True))
    assert [kept[n] for n in ("1", "9", "50001", "50003")] == [
        sorted(place(places[n], None).words) for n in ("1", "9", "50001", "50003")
    ]


def test_where_only_years_and_towns_are_known_an_age_counted_wrongly_is_forgiven(tmp_path: Path) -> None:
    letters = zip("ABCDE", "VWXYZ", "pqrst", strict=True)
    strangers = "".join(f"{a}na,{b}son,{1870 + n},{t}\n" for n, (a, b, t) in enumerate(letters))
    people = f"forename,surname,birth_year,town\nObadiah,Quill,1851,Fallow\nObadiah,Quill,1852,Fallow\n{strangers}"
    result, out, explain = run(tmp_path, people)
    assert result.exit_code == 0, result.output
    assert len({row["person_id"] for row in read(out)}) == 6
    assert [pair["joined"] for pair in read(explain)] == ["true"]
