"""The invented council: the same bytes every time, people who could exist, identifiers nobody has, the whole truth."""

import atexit
import csv
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stdnum.gb import nhs
from stdnum.gb import upn as pupil_numbers

from graph.vocabulary import canonical, vocabulary
from loaders.council.commands import commands, generate_command
from loaders.council.generate import generate
from loaders.council.identifiers import learner_number, nhs_number, pupil_number
from loaders.council.links import words
from loaders.council.model import Person
from loaders.council.names import names
from loaders.council.population import Council, populate
from loaders.council.relations import facts
from loaders.council.settings import council_settings

TODAY = date(2026, 11, 23)
Rows = list[dict[str, str]]
# The 124 postcode areas of the United Kingdom and the Crown dependencies, and BF, BX, GIR, XX.
REAL_AREAS = frozenset(
    """AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN
    EX FK FY G GIR GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME
    MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY
    TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV XX YO ZE""".split()
)
PERSON_TABLES = {
    "mosaic": ("mosaic/dm_persons", "PERSON_ID"),
    "lcs": ("lcs/DIM_PERSON", "DIM_PERSON_ID"),
    "school_census": ("school_census/pupilonroll", "pupilonrolltableid"),
}


class Extract:
    """A generated folder, its files read on demand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[str, Rows] = {}

    def __call__(self, name: str) -> Rows:
        if name not in self._read:
            with (self.folder / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
                self._read[name] = list(csv.DictReader(lines))
        return self._read[name]

    def entities(self) -> dict[tuple[str, str], str]:
        """(source, record_id) -> entity_id."""
        return {(row["source"], row["record_id"]): row["entity_id"] for row in self("truth/records")}


@cache
def extract(people: int, seed: int = 1, reverse: tuple[str, ...] = ()) -> Extract:
    """A council of that size, written once for all tests."""
    folder = Path(mkdtemp(prefix="council-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    generate(folder, people, seed, TODAY, reverse)
    return Extract(folder)


@cache
def council(people: int, seed: int = 1) -> Council:
    """The same council before it is written."""
    return populate(council_settings(), people, seed, TODAY)


def digest(folder: Path) -> str:
    """One hash over names and bytes of every file."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def day(text: str) -> date | None:
    """The day in any of the forms the extracts use; None where there is none or it is no day."""
    for form in ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%b-%d %H:%M:%S", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None


# The same bytes


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


# Identifiers


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


# People who could exist


@pytest.mark.parametrize("people", [10, 11, 17, 60, 300, 5_000])
def test_a_council_has_exactly_the_people_asked_for(people: int) -> None:
    made = council(people).people
    assert len(made) == people
    assert [person.key for person in made] == list(range(1, people + 1))


def sound(person: Person) -> None:
    """What holds for every person of every council."""
    for parent in (person.mother, person.father):
        if parent is not None:
            assert (person.born - parent.born).days >= 14 * 365.25, "a parent of less than fourteen"
            assert person in parent.children
            assert parent.partner is not person
            assert parent.died is None or parent.died >= person.born
    assert person.mother is None or person.mother.sex == "F"
    if person.twin:
        assert person.twin.born == person.born
        assert person.twin.mother is person.mother
        assert not person.identical or person.twin.sex == person.sex
    if person.partner:
        assert person.partner.partner is person
        assert person.partner not in (person.mother, person.father)
    assert person.forename
    assert person.surname
    assert person.unborn == (person.born > TODAY)
    for home in person.residences:
        assert home.start >= person.born
        assert home.end is None or home.start <= home.end <= TODAY


def spaced(person: Person) -> None:
    """Births of one mother on one day are twins, else ten months lie between them."""
    born = [child for child in person.children if not child.adopted]
    for one, other in combinations(born, 2):
        assert one.twin is other or abs((one.born - other.born).days) >= 270


@pytest.mark.parametrize(("people", "seed"), [(300, 1), (2_000, 2), (20_000, 1)])
def test_every_person_could_exist(people: int, seed: int) -> None:
    for person in council(people, seed).people:
        sound(person)
        if person.sex == "F":
            spaced(person)


def test_everybody_alive_has_one_home() -> None:
    for person in council(5_000).people:
        if not person.unborn and not person.died and not person.superseded:
            now = [home for home in person.residences if home.end is None and home.kind != "other_parent"]
            assert len(now) == 1


def near(found: float, published: float, share: float) -> None:
    """Within that share of the published figure."""
    assert abs(found - published) <= share * published, (round(found, 4), published)


def test_households_and_families_follow_the_published_figures() -> None:
    """Census 2021 and ONS figures of fixtures/council.toml, over the general population, not over social care."""
    homes = [home for home in council(20_000).households if home.kind != "story"]
    sizes = [sum(not p.unborn and not p.died for p in home.members) for home in homes]
    near(sum(sizes) / len(homes), 2.4, 0.06)
    near(sum(size == 1 for size in sizes) / len(homes), 0.302, 0.08)
    kinds = Counter(home.kind for home in homes)
    near(kinds["multi_generation"] / len(homes), 0.021, 0.25)
    families = [home for home in homes if home.kind.startswith(("couple", "lone"))]
    lone = [home for home in families if home.kind.startswith("lone")]
    near(len(lone) / len(families), 0.15, 0.12)
    near(sum(home.members[0].sex == "F" for home in lone) / len(lone), 0.84, 0.06)
    near((kinds["couple_children"] + kinds["lone_children"]) / len(families), 0.42, 0.08)
    near(sum(home.step for home in homes) / kinds["couple_children"], 0.11, 0.25)


def test_children_and_births_follow_the_published_figures() -> None:
    made = council(20_000)
    counts = [
        sum(p.age(TODAY) < 18 and not p.unborn and p.placement == "home" for p in home.members)
        for home in made.households
        if home.kind in ("couple_children", "lone_children")
    ]
    counts = [count for count in counts if count]
    near(sum(count == 1 for count in counts) / len(counts), 0.47, 0.1)
    near(sum(count >= 3 for count in counts) / len(counts), 1 / 7, 0.2)
    near(sum(counts) / len(counts), 1.7, 0.06)
    young = [p for p in made.people if p.age(TODAY) < 18 and not p.adopted]
    mothers = [(p.born - p.mother.born).days / 365.25 for p in young if p.mother]
    fathers = [(p.born - p.father.born).days / 365.25 for p in young if p.father]
    near(sum(mothers) / len(mothers), 30.7, 0.04)
    near(sum(fathers) / len(fathers), 33.6, 0.05)
    couples = [p for p in made.people if p.sex == "F" and p.partner and p.partner.sex == "M" and not p.partner.died]
    near(sum(not p.married for p in couples) / len(couples), 0.22, 0.25)
    apart = [abs((p.born - p.partner.born).days) >= 5 * 365 for p in couples if p.partner]
    near(sum(apart) / len(apart), 0.32, 0.2)
    second = sum(any(home.kind == "other_parent" for home in p.residences) for p in young) / len(young)
    assert 0.02 < second < 0.08


def test_the_shapes_of_families_that_matter_are_there() -> None:
    """Step- and half-families, carers of every kind, four generations, hubs, twins: none is left to luck at 20,000."""
    made = council(20_000)
    codes = Counter(fact.code for p in made.people if p.sources for fact in facts(p, TODAY) if fact.b.sources)
    for code, least in (
        ("STEP_PARENT", 40),
        ("PARENTS_PARTNER", 5),
        ("HALF_SIBLING", 300),
        ("EX_PARTNER", 80),
        ("GREAT_GRANDPARENT", 100),
        ("TWIN", 20),
        ("FOSTER_CARER", 30),
        ("PRIVATE_FOSTER_CARER", 2),
        ("CONNECTED_CARER", 8),
        ("SPECIAL_GUARDIAN", 8),
        ("ADOPTIVE_PARENT", 4),
        ("FRIEND", 20),
        ("PARENT_OF_UNBORN", 10),
        ("NO_CONTACT_ORDER", 1),
        ("STEP_SIBLING", 1),
    ):
        assert codes[code] >= least, (code, codes[code])
    kinds = Counter(home.dwelling.kind for p in made.people for home in p.residences)
    assert set(kinds) == {"home", "hostel", "refuge", "b_and_b", "care_home", "childrens_home"}
    assert any(p.identical for p in made.people)
    assert sum(p.adopted for p in made.people) == 16
    mothers = [p for p in made.people if p.sex == "F"]
    assert sum(len({child.father_key for child in p.children}) >= 3 for p in mothers) >= 10
    spells = Counter(spell.kind for p in made.people for spell in p.spells)
    assert all(spells[kind] >= 10 for kind in ("REL.CAMHS", "REL.SUBUSE", "REL.SEXHLTH"))


# Stories and caseloads


@pytest.mark.parametrize("people", [10, 300, 5_000])
@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_the_two_stories_are_in_every_council(people: int, seed: int) -> None:
    made = extract(people, seed)
    persons = {row["PERSON_ID"]: row for row in made("mosaic/dm_persons")}
    tommy = persons["249012"]
    assert (tommy["FULL_NAME"], tommy["DATE_OF_BIRTH"], tommy["GENDER"]) == ("Tommy Williams", "2012-05-12", "M")
    assert (persons["251377"]["FULL_NAME"], persons["251377"]["DATE_OF_BIRTH"]) == ("Amira Reed", "2016-09-03")
    assert tommy_family(made) == {
        ("Kate Williams", "Mother : Son", "Tommy Williams", "Y"),
        ("Dominic Pierce", "Father : Son", "Tommy Williams", ""),
        ("Paula Lee", "Friend : Friend", "Tommy Williams", ""),
        ("Paula Lee", "Mother : Son", "Jason Lee", "Y"),
    }
    lcs = {f"{row['FORENAME']} {row['SURNAME']}": row["DIM_PERSON_ID"] for row in made("lcs/DIM_PERSON")[:3]}
    assert set(lcs) == {"Tommy Williams", "Kate Williams", "Dominik Peirce"}
    of_dominic = [row for row in made("lcs/FACT_PERSON_RELATION") if lcs["Dominik Peirce"] in row.values()]
    assert of_dominic == []
    assert addresses(made, "249012") == [("320 Overdale Road, Romiley", "AA6 4QT", "")]
    assert addresses(made, "251377") == [("14 Quarry Bank, Marple", "AA6 5DR", "")]


def tommy_family(made: Extract) -> set[tuple[str, str, str, str]]:
    """Every Mosaic link that touches Tommy or the Lees, in words, with parental responsibility."""
    name = {row["PERSON_ID"]: row["FULL_NAME"] for row in made("mosaic/dm_persons")}
    types = {row["PERSONAL_REL_TYPE_ID"]: row["DESCRIPTION"] for row in made("mosaic/dm_personal_rel_types")}
    return {
        (
            name[row["PERSON_ID"]],
            types[row["PERSONAL_REL_TYPE_ID"]],
            name[row["OTHER_PERSON_ID"]],
            row["PARENTAL_RESPONSIBILITY"],
        )
        for row in made("mosaic/dm_personal_relationships")
        if {row["PERSON_ID"], row["OTHER_PERSON_ID"]} & {"249012", "249015", "249016"}
    }


def addresses(made: Extract, person: str) -> list[tuple[str, str, str]]:
    """A person's addresses in Mosaic: line, postcode, end."""
    places = {row["ADDRESS_ID"]: row for row in made("mosaic/dm_addresses")}
    rows = [row for row in made("mosaic/addresses_people") if row["PERSON_ID"] == person]
    return [(places[r["ADDRESS_ID"]]["ADDRESS"], places[r["ADDRESS_ID"]]["POST_CODE"], r["END_DATE"]) for r in rows]


def test_the_new_address_of_the_reeds_came_first_through_the_school_census() -> None:
    made = extract(300)
    pupil = next(
        row for row in made("school_census/pupilonroll") if row["forename"] == "Amira" and row["surname"] == "Reed"
    )
    home = [row for row in made("school_census/addresses") if row["pupilonrolltableid"] == pupil["pupilonrolltableid"]]
    assert [(row["paon"], row["street"], row["town"], row["postcode"]) for row in home] == [
        ("7", "Tanner Street", "Bredbury", "AA5 2LN")
    ]
    old = next(row for row in made("mosaic/addresses_people") if row["PERSON_ID"] == "251377")
    assert home[0]["startdate"] > old["START_DATE"]
    assert {row["forename"] for row in made("school_census/pupilonroll") if row["surname"] == "Reed"} >= {
        "Amira",
        "Zain",
    }


def test_the_services_of_the_first_story_are_as_told() -> None:
    made = extract(10)
    assert Counter((r["PROF_REL_TYPE_CODE"], bool(r["END_DATE"])) for r in involvements(made, "249012")) == {
        ("REL.ALLWORK", False): 1,
        ("REL.ALLWORK", True): 1,
        ("REL.HV", True): 1,
        ("REL.SCHOOL", False): 1,
    }
    for other in ("249013", "249014", "249015"):
        assert involvements(made, other)
    assha = next(row for row in made("mosaic/dm_workers") if row["WORKER_ID"] == "90001")
    assert list(assha.values())[1:4] == ["Asha Daniels", "Social worker", "Romiley Child in Need Team"]
    assert (assha["TELEPHONE"], assha["EMAIL"]) == ("01632 960101", "asha.daniels@council.example")


def involvements(made: Extract, person: str) -> Rows:
    """A person's involvements in Mosaic."""
    return [row for row in made("mosaic/dm_prof_relationships") if row["PERSON_ID"] == person]


@pytest.mark.parametrize("people", [300, 1_000, 5_000])
@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_both_first_workers_have_full_caseloads_in_both_systems(people: int, seed: int) -> None:
    made = extract(people, seed)
    mosaic: dict[str, set[str]] = defaultdict(set)
    for row in made("mosaic/dm_prof_relationships"):
        if row["PROF_REL_TYPE_CODE"] == "REL.ALLWORK" and not row["END_DATE"] and day(row["START_DATE"]):
            mosaic[row["WORKER_ID"]].add(row["PERSON_ID"])
    lcs: dict[str, set[str]] = defaultdict(set)
    for row in made("lcs/FACT_INVOLVEMENTS"):
        if row["IS_ALLOCATED_CW_FLAG"] == "Y" and not row["END_DTTM"] and day(row["START_DTTM"]):
            lcs[row["DIM_WORKER_ID"]].add(row["DIM_PERSON_ID"])
    for caseload in (mosaic, lcs):
        for worker in ("90001", "90002"):
            assert 12 <= len(caseload[worker]) <= 25, (worker, len(caseload[worker]))
    assert {"249012", "251377"} <= mosaic["90001"]
    assert "249012" not in mosaic["90002"]


def test_both_workers_exist_even_in_the_smallest_council() -> None:
    workers = {row["WORKER_ID"]: row["FULL_NAME"] for row in extract(10)("mosaic/dm_workers")}
    assert (workers["90001"], workers["90002"]) == ("Asha Daniels", "Ben Okafor")


# The extracts


def test_every_id_in_the_extracts_belongs_to_somebody() -> None:
    """Apart from the few rows made to be put aside: less than one in a thousand of each file."""
    made = extract(20_000)
    for table, column, target, key in (
        ("mosaic/dm_personal_relationships", "PERSON_ID", "mosaic/dm_persons", "PERSON_ID"),
        ("mosaic/dm_personal_relationships", "OTHER_PERSON_ID", "mosaic/dm_persons", "PERSON_ID"),
        (
            "mosaic/dm_personal_relationships",
            "PERSONAL_REL_TYPE_ID",
            "mosaic/dm_personal_rel_types",
            "PERSONAL_REL_TYPE_ID",
        ),
        ("mosaic/addresses_people", "PERSON_ID", "mosaic/dm_persons", "PERSON_ID"),
        ("mosaic/addresses_people", "ADDRESS_ID", "mosaic/dm_addresses", "ADDRESS_ID"),
        ("mosaic/dm_person_references", "PERSON_ID", "mosaic/dm_persons", "PERSON_ID"),
        ("mosaic/dm_prof_relationships", "PERSON_ID", "mosaic/dm_persons", "PERSON_ID"),
        ("mosaic/dm_prof_relationships", "WORKER_ID", "mosaic/dm_workers", "WORKER_ID"),
        ("lcs/FACT_PERSON_RELATION", "DIM_PERSON_ID", "lcs/DIM_PERSON", "DIM_PERSON_ID"),
        ("lcs/FACT_PERSON_RELATION", "DIM_RELATED_PERSON_ID", "lcs/DIM_PERSON", "DIM_PERSON_ID"),
        (
            "lcs/FACT_PERSON_RELATION",
            "DIM_LOOKUP_RELTN_TYPE_CODE",
            "lcs/site_relationship_codes",
            "DIM_LOOKUP_RELTN_TYPE_CODE",
        ),
        ("lcs/FACT_INVOLVEMENTS", "DIM_PERSON_ID", "lcs/DIM_PERSON", "DIM_PERSON_ID"),
        ("lcs/DIM_PERSON_ADDRESS", "DIM_PERSON_ID", "lcs/DIM_PERSON", "DIM_PERSON_ID"),
        ("lcs/isperson", "PersonID", "lcs/DIM_PERSON", "DIM_PERSON_ID"),
        ("lcs/DIM_PERSON", "DIM_PERSON_ID", "lcs/isperson", "PersonID"),
        ("school_census/addresses", "pupilonrolltableid", "school_census/pupilonroll", "pupilonrolltableid"),
    ):
        known = {row[key] for row in made(target)}
        rows = made(table)
        strange = sum(row[column] not in known for row in rows)
        assert len(rows) > 0
        assert strange <= len(rows) * 0.001, (table, column, strange)


def test_no_id_is_given_twice() -> None:
    made = extract(20_000)
    for path in sorted(made.folder.glob("[a-s]*/*.csv")):
        name = str(path.relative_to(made.folder).with_suffix(""))
        rows = made(name)
        first = next(iter(rows[0]))
        assert len({row[first] for row in rows}) == len(rows), name


def test_both_extracts_state_direction_each_in_its_own_way() -> None:
    """Mosaic: PERSON_ID has the left label. LCS: the code is what the related person is."""
    made = extract(5_000)
    assert direction(made, "mosaic") > 0.98
    assert direction(made, "lcs") > 0.98
    turned = extract(1_000, 1, ("mosaic", "lcs"))
    assert direction(turned, "mosaic") < 0.1
    assert direction(turned, "lcs") < 0.1


def direction(made: Extract, source: str) -> float:
    """Share of dated parent pairs in which the parent is at least twelve years older."""
    table, key = PERSON_TABLES[source]
    column = "DATE_OF_BIRTH" if source == "mosaic" else "BIRTH_DTTM"
    born = {row[key]: found for row in made(table) if (found := day(row[column])) and found.year > 1900}
    pairs = list(mosaic_parents(made)) if source == "mosaic" else list(lcs_parents(made))
    dated = [(born[parent], born[child]) for parent, child in pairs if parent in born and child in born]
    assert len(dated) > 50
    return sum((child - parent).days > 12 * 365 for parent, child in dated) / len(dated)


def mosaic_parents(made: Extract) -> Iterator[tuple[str, str]]:
    """(parent, child) as Mosaic's labels say."""
    types = {row["PERSONAL_REL_TYPE_ID"]: row["DESCRIPTION"] for row in made("mosaic/dm_personal_rel_types")}
    for row in made("mosaic/dm_personal_relationships"):
        left, _, right = types[row["PERSONAL_REL_TYPE_ID"]].partition(" : ")
        if left in ("Mother", "Father") and right != "Unborn Child":
            yield row["PERSON_ID"], row["OTHER_PERSON_ID"]


def lcs_parents(made: Extract) -> Iterator[tuple[str, str]]:
    """(parent, child) as the code CHI says."""
    for row in made("lcs/FACT_PERSON_RELATION"):
        if row["DIM_LOOKUP_RELTN_TYPE_CODE"] == "CHI":
            yield row["DIM_PERSON_ID"], row["DIM_RELATED_PERSON_ID"]


def test_sources_have_gaps_mirrors_duplicates_and_mistakes_but_not_too_many() -> None:
    made = extract(20_000)
    people = {p.entity_id: p for p in council(20_000).people}
    who = made.entities()
    rows = [row for row in made("mosaic/dm_persons") if row["FIRST_NAME"] and row["UNBORN"] == "N"]
    wrong = sum(people[who["mosaic", row["PERSON_ID"]]].forename != row["FIRST_NAME"] for row in rows) / len(rows)
    assert 0.02 < wrong < 0.12
    birth = [(people[who["mosaic", row["PERSON_ID"]]].born, day(row["DATE_OF_BIRTH"])) for row in rows]
    assert 0.01 < sum(true != found for true, found in birth) / len(birth) < 0.08
    assert any(row["DATE_OF_BIRTH"] == "1900-01-01" for row in rows)
    numbers = [row["NHS_ID"] for row in rows if row["NHS_ID"]]
    assert 0.005 < sum(not nhs.is_valid(number) for number in numbers) / len(numbers) < 0.04
    assert Counter(numbers).most_common(1)[0][1] >= 3, "no number is typed for many people"
    marked = sum(bool(row["DUPLICATE_OF"]) for row in rows)
    entities = Counter(who["mosaic", row["PERSON_ID"]] for row in rows)
    assert 10 < marked < sum(count > 1 for count in entities.values()) < len(rows) * 0.04
    pairs = Counter(frozenset((r["PERSON_ID"], r["OTHER_PERSON_ID"])) for r in made("mosaic/dm_personal_relationships"))
    assert 0.25 < sum(count > 1 for count in pairs.values()) / len(pairs) < 0.55
    assert any(day(row["DATE_OF_BIRTH"]) is None and row["DATE_OF_BIRTH"] for row in made("mosaic/dm_persons"))


def test_a_source_contradicts_another_now_and_then() -> None:
    """Of step-parents in both systems, some are a parent in one of them."""
    made = extract(20_000)
    step = {
        frozenset((r["entity_a"], r["entity_b"])) for r in made("truth/relationships") if r["code"] == "STEP_PARENT"
    }
    who = made.entities()
    stated = {frozenset((who["mosaic", a], who["mosaic", b])) for a, b in mosaic_parents(made) if ("mosaic", b) in who}
    assert 1 <= len(step & stated) < len(step) * 0.4


def test_the_census_has_children_and_no_parents() -> None:
    made = extract(5_000)
    pupils = made("school_census/pupilonroll")
    ages = [(TODAY - found).days / 365.25 for row in pupils if (found := day(row["dob"])) and found.year > 1970]
    assert len(pupils) > 500
    assert sum(4 <= age < 17 for age in ages) / len(ages) > 0.98
    assert set(made.folder.joinpath("school_census").iterdir()) == {
        made.folder / "school_census" / name for name in ("pupilonroll.csv", "addresses.csv")
    }
    assert re.fullmatch(r"\d{4}-[A-Z][a-z]{2}-\d\d 00:00:00", pupils[0]["dob"])


def test_a_small_council_has_no_malformed_rows() -> None:
    made = extract(300)
    assert all(row["FIRST_NAME"] for row in made("mosaic/dm_persons"))
    known = {row["PERSON_ID"] for row in made("mosaic/dm_persons")}
    assert {row["OTHER_PERSON_ID"] for row in made("mosaic/dm_personal_relationships")} <= known


def test_the_manifest_says_that_nobody_exists() -> None:
    manifest = tomllib.loads((extract(10).folder / "manifest.toml").read_text(encoding="utf-8"))
    assert manifest == {"as_at": TODAY, "invented": True}


def test_every_code_is_a_word_of_the_vocabulary_and_has_its_inverse() -> None:
    assert set(words()) <= set(vocabulary())
    assert {vocabulary()[code].inverse_code for code in words()} <= set(words())
    codes = [forms[3] for forms in words().values()]
    assert len(codes) == len(set(codes))


# The truth


@pytest.mark.parametrize("people", [10, 300, 5_000])
def test_truth_names_every_record_and_nothing_else(people: int) -> None:
    made = extract(people)
    written = {(source, row[key]) for source, (table, key) in PERSON_TABLES.items() for row in made(table)}
    assert set(made.entities()) == written
    assert len(made("truth/records")) == len(written)
    assert len(set(made.entities().values())) <= people


def test_true_relationships_are_in_canonical_direction_and_between_known_people() -> None:
    made = extract(5_000)
    known = set(made.entities().values())
    rows = made("truth/relationships")
    assert len({tuple(row.values()) for row in rows}) == len(rows)
    for row in rows:
        assert {row["entity_a"], row["entity_b"]} <= known
        assert canonical(row["entity_a"], row["code"], row["entity_b"]) == (
            row["entity_a"],
            row["code"],
            row["entity_b"],
        )


def test_what_a_source_says_of_parents_is_true_with_few_exceptions() -> None:
    made = extract(5_000)
    who = made.entities()
    true = {(r["entity_a"], r["entity_b"]) for r in made("truth/relationships") if r["code"] == "PARENT"}
    for source, pairs in (("mosaic", mosaic_parents(made)), ("lcs", lcs_parents(made))):
        stated = [(who[source, a], who[source, b]) for a, b in pairs if (source, a) in who and (source, b) in who]
        assert sum(pair in true for pair in stated) / len(stated) > 0.96


def test_restrictions_are_those_the_sources_flag() -> None:
    made = extract(20_000)
    who = made.entities()
    flagged = {
        (who["mosaic", r["PERSON_ID"]], "RESTRICTED") for r in made("mosaic/dm_persons") if r["RESTRICTED"] == "Y"
    }
    for row in made("lcs/isperson"):
        flagged |= {
            (who["lcs", row["PersonID"]], kind)
            for kind in ("Secure", "IsHidden", "HideAllAddresses")
            if row[kind] == "Y"
        }
    told = {(row["entity_id"], row["kind"]) for row in made("truth/restrictions")}
    assert flagged == told
    assert len({entity for entity, _ in told}) > 20


def test_adopted_children_are_two_people_who_must_never_be_joined() -> None:
    made = extract(20_000)
    who = made.entities()
    rows = made("truth/never_join")
    assert all((r["source_a"], r["record_a"]) in who and (r["source_b"], r["record_b"]) in who for r in rows)
    pairs = [(who[r["source_a"], r["record_a"]], who[r["source_b"], r["record_b"]], r["reason"]) for r in rows]
    assert all(one != other for one, other, _ in pairs)
    reasons = Counter(reason for _, _, reason in pairs)
    assert set(reasons) == {
        "adopted",
        "twin",
        "parent and child of one name",
        "strangers of one name and date of birth",
    }
    people = {p.entity_id: p for p in council(20_000).people}
    for one, other, reason in pairs:
        if reason == "adopted":
            assert people[one].born == people[other].born
            assert not {people[one].upn, people[one].nhs} & {people[other].upn, people[other].nhs} - {""}
    linked = [row for row in made("lcs/isperson") if row["AdoptedLinkedPersonID"]]
    assert all(row["IsAdopted"] == "Y" for row in linked)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(people=st.integers(10, 160), seed=st.integers(0, 10**9), days=st.integers(0, 1500))
def test_any_small_council_is_sound(people: int, seed: int, days: int) -> None:
    """Any size, seed and day: everybody could exist, every record has its truth, the stories are told."""
    today = date.fromordinal(TODAY.toordinal() - days)
    with TemporaryDirectory() as folder:
        generate(Path(folder), people, seed, today)
        holds(Extract(Path(folder)), today)


def holds(made: Extract, today: date) -> None:
    """Truth for every record, both stories, and no day after the day of the extracts."""
    written = {(source, row[key]) for source, (table, key) in PERSON_TABLES.items() for row in made(table)}
    assert set(made.entities()) == written
    assert {"249012", "249013", "249014", "249015", "249016", "251377"} <= {
        row["PERSON_ID"] for row in made("mosaic/dm_persons")
    }
    for name in ("dm_persons", "dm_personal_relationships", "addresses_people", "dm_prof_relationships"):
        for row in made(f"mosaic/{name}"):
            for column in ("DATE_OF_BIRTH", "START_DATE", "END_DATE", "UPDATED_ON"):
                assert not row.get(column) or row[column] <= today.isoformat(), (name, column)


# The command


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
