"""The invented council as a file set: the same bytes every time, a plain command, identifiers that nobody has."""

import os
import re
import subprocess
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from stdnum.gb import nhs
from stdnum.gb import upn as pupil_numbers

from loaders.council.commands import commands, generate_command
from loaders.council.generate import generate
from loaders.council.identifiers import learner_number, nhs_number, pupil_number
from loaders.council.names import names
from tests.councils import TODAY, council, digest, extract


@pytest.mark.parametrize("people", [10, 700])
def test_same_arguments_give_the_same_bytes_under_any_hash_seed(tmp_path: Path, people: int) -> None:
    """Other interpreter, other hash order, other time zone: one digest."""
    code = (
        "import sys;from pathlib import Path;from datetime import date;from loaders.council.generate import generate;"
    )
    code += f"generate(Path(sys.argv[1]), {people}, 3, date(2026, 11, 23))"
    found = set()
    for at, (hash_seed, zone) in enumerate((("0", "UTC"), ("1", "Asia/Tokyo"), ("4242", "America/Lima"))):
        folder = tmp_path / str(at)
        environment = os.environ | {"PYTHONHASHSEED": hash_seed, "TZ": zone, "LC_ALL": "C"}
        subprocess.run([sys.executable, "-c", code, str(folder)], check=True, env=environment, timeout=60)
        found.add(digest(folder))
    generate(tmp_path / "here", people, 3, TODAY)
    assert found == {digest(tmp_path / "here")}


def test_another_seed_or_day_gives_another_council(tmp_path: Path) -> None:
    made = [(400, 1, TODAY), (400, 2, TODAY), (400, 1, date(2026, 11, 24))]
    for at, arguments in enumerate(made):
        generate(tmp_path / str(at), *arguments)
    assert len({digest(tmp_path / str(at)) for at in range(3)}) == 3


def test_twenty_thousand_people_take_seconds(tmp_path: Path) -> None:
    """The limit is processor time of this process, so that a busy machine does not fail it."""
    started = time.process_time()
    generate(tmp_path / "big", 20_000, 1, TODAY)
    assert time.process_time() - started < 8


# The 124 postcode areas of the United Kingdom and the Crown dependencies, and BF, BX, GIR, XX.
REAL_AREAS = frozenset(
    """AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN
    EX FK FY G GIR GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME
    MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY
    TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV XX YO ZE""".split()
)


def test_identifiers_are_valid_and_from_ranges_never_issued() -> None:
    """Checked by python-stdnum, which shares no code with the generator; no number belongs to two people."""
    people = council(20_000).people
    numbers = [person.nhs for person in people if person.nhs]
    assert all(nhs.is_valid(number) and number.startswith("999") for number in numbers)
    pupils = [number for person in people for number in (person.upn, person.former_upn) if number]
    assert all(pupil_numbers.calc_check_digit(number[1:]) == number[0] and number[1:4] == "000" for number in pupils)
    assert all(re.fullmatch(r"[A-Z]\d{12}", number) for number in pupils)
    learners = [person.learner for person in people if person.learner]
    assert all(re.fullmatch(r"999\d{7}", number) and learner_is_valid(number) for number in learners)
    for kind in (numbers, pupils, learners):
        assert len(kind) > 500
        assert len(kind) == len(set(kind))


def learner_is_valid(number: str) -> bool:
    """The published rule: weights 10 to 2 over nine digits, ten minus the remainder by 11 is the check digit."""
    remainder = sum(int(digit) * weight for digit, weight in zip(number[:9], range(10, 1, -1), strict=True)) % 11
    return remainder != 0 and 10 - remainder == int(number[9])


def test_the_range_of_nhs_numbers_holds_nine_hundred_thousand_different_people() -> None:
    made = [number for serial in range(1, 30_000) if (number := nhs_number(serial))]
    assert len(made) == len(set(made)) > 27_000
    assert len({serial * 385_741 % 1_000_000 for serial in range(1_000_000)}) == 1_000_000
    assert all(nhs.is_valid(number) for number in made)
    learners = [number for number in map(learner_number, range(1, 1_000)) if number]
    assert len(learners) > 800
    assert all(learner_is_valid(number) for number in learners)


def test_temporary_pupil_numbers_end_in_a_letter_and_have_the_right_check_letter() -> None:
    number = pupil_number(2001, 2019, 17, temporary=True)
    assert re.fullmatch(r"[A-Z]\d{11}A", number)
    assert pupil_numbers.calc_check_digit(number[1:]) == number[0]


def test_no_postcode_telephone_or_mail_address_is_real() -> None:
    made = extract(5_000)
    places = [row["POST_CODE"] for row in made("mosaic/dm_addresses")]
    places += [row["POSTCODE"] for row in made("lcs/DIM_PERSON_ADDRESS")]
    places += [row["postcode"] for row in made("school_census/addresses")]
    codes = {place for place in places if place not in ("", "XXXX", "nopostcode")}
    assert codes
    for code in codes:
        assert re.fullmatch(r"[A-Z]{2}\d [0-9][ABD-HJLNP-UW-Z]{2}", code), code
        assert code[:2] not in REAL_AREAS
    workers = made("mosaic/dm_workers")
    assert all(re.fullmatch(r"01632 96\d{4}|01632 9\d{5}", row["TELEPHONE"]) for row in workers)
    assert all(row["EMAIL"].endswith(".example") for row in workers)
    assert all(row["schoolemail"].endswith(".example") for row in made("school_census/pupilonroll"))


def test_there_are_names_enough() -> None:
    """At least 400 surnames and 250 forenames for each sex, of ten origins, the frequent ones frequent."""
    people = council(20_000).people
    surnames = Counter(person.birth_surname for person in people)
    assert len(surnames) >= 400
    for sex in "FM":
        assert len({person.forename for person in people if person.sex == sex}) >= 250
    share = [count / len(people) for _, count in surnames.most_common(20)]
    assert 0.006 < share[0] < 0.03
    assert 0.08 < sum(share) < 0.25
    assert all(short.split() for short in names().nicknames)


def test_the_command_writes_a_council_and_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    result = CliRunner().invoke(
        generate_command, [str(folder), "--people", "40", "--seed", "9", "--today", "2026-11-23"]
    )
    assert result.exit_code == 0, result.output
    assert "40 people as at 2026-11-23" in result.output
    generate(tmp_path / "same", 40, 9, TODAY)
    assert digest(folder) == digest(tmp_path / "same")
    assert commands == (generate_command,)


def test_the_command_never_mixes_a_council_with_other_files(tmp_path: Path) -> None:
    run = CliRunner().invoke
    arguments = ["--people", "10", "--today", "2026-11-23"]
    assert run(generate_command, [str(tmp_path), *arguments]).exit_code == 0
    refused = run(generate_command, [str(tmp_path), *arguments])
    assert refused.exit_code == 2
    assert "not empty" in refused.output
    assert run(generate_command, [str(tmp_path), "--seed", "2", *arguments, "--force"]).exit_code == 0
    (tmp_path / "letter.txt").write_text("mine")
    kept = digest(tmp_path)
    refused = run(generate_command, [str(tmp_path), *arguments, "--force"])
    assert refused.exit_code == 2
    assert "letter.txt" in refused.output
    assert digest(tmp_path) == kept


@pytest.mark.parametrize(
    ("arguments", "word"), [(["--people", "9"], "at least 10"), (["--today", "2012-01-01"], "before 2020-01-01")]
)
def test_the_command_refuses_what_cannot_hold_the_stories(tmp_path: Path, arguments: list[str], word: str) -> None:
    result = CliRunner().invoke(generate_command, [str(tmp_path / "made"), *arguments])
    assert result.exit_code == 2
    assert word in result.output
    assert not (tmp_path / "made").exists()


def test_a_folder_that_cannot_be_written_is_a_plain_message(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = CliRunner().invoke(generate_command, [str(tmp_path / "file" / "made"), "--people", "10"])
    assert result.exit_code == 74
    assert "cannot be written" in result.output
