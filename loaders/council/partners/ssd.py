"""The Standard Safeguarding Dataset as the LCS script exports it, and what it lacks: everybody, and their links.

Clients alone stand in the dataset's own tables; the adults around them stand in people_all and relationships. The
script's habits are kept: estimated births among the expected ones, SSD_PH for every former pupil number, quotes in
addresses left as they are.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from graph.vocabulary import inverse
from loaders.council.dice import Dice
from loaders.council.links import Link, word, words
from loaders.council.malformed import with_bad_rows
from loaders.council.model import Dwelling, Person
from loaders.council.partner import Extract, Partner
from loaders.council.partners.ssd_care import write_care
from loaders.council.plain_rows import home_line
from loaders.council.population import Council
from loaders.council.records import Record, plain_record
from loaders.council.tables import Row, flag, iso, write_some

PERSONS = """
    pers_legacy_id pers_person_id pers_upn pers_forename pers_surname pers_sex pers_gender pers_ethnicity pers_dob
    pers_single_unique_id pers_upn_unknown pers_send_flag pers_expected_dob pers_death_date pers_is_mother
    pers_nationality
"""
EVERYBODY = """
    person_id nhs_number forename middle_names surname alias_names dob dob_estimated sex address_line postcode uprn
    is_client date_of_death restricted duplicate_of
"""
RELATIONSHIPS = """
    relationship_id person_id related_person_id relationship_code relationship_label direction start_date end_date
    parental_responsibility is_main_carer is_informal_carer is_restricted recorded_at deleted_at
"""
IDENTIFIERS = (
    "link_table_id link_person_id link_identifier_type link_identifier_value link_valid_from_date link_valid_to_date"
)
ADDRESSES = """
    addr_table_id addr_person_id addr_address_type addr_address_start_date addr_address_end_date addr_address_postcode
    addr_address_json
"""
_TYPES = {"home": "HOME", "placement": "PLACEMENT", "other_parent": "OTHER", "temporary": "TEMP"}
_PARENT, _CHILD = ("PARENT", "PARENT_OF_UNBORN"), ("CHILD", "UNBORN_CHILD")


def _holds(council: Council, dice: Dice) -> Iterable[Person]:
    """Whoever is in LCS, which the dataset is made from, but for a few whom its six years leave out."""
    share = council.settings.sources["ssd"]["in_window"]
    return [person for person in council.people if "lcs" in person.sources and dice.chance(share)]


def is_client(record: Record, extract: Extract) -> bool:
    """Whether the record stands in the dataset's own tables: a client, and no duplicate that LCS knows of."""
    person = record.person
    return (bool(person.case) or person.age(extract.today) < 18) and not record.duplicate_of


def _write(folder: Path, extract: Extract) -> list[Record]:
    dice, rate = extract.dice, extract.council.settings.errors["malformed"]
    clients = [record for record in extract.records if is_client(record, extract)]
    everybody = [_anybody(record, extract) for record in extract.records]
    extra = with_bad_rows(dice, rate, everybody, (2, 4), 6)
    write_some(folder / "people_all.csv", EVERYBODY, everybody)
    links = extract.links()
    mothers = {link.left.person.key for link in links if link.code in _PARENT and link.left.sex == "F"}
    write_some(
        folder / "ssd_person.csv", PERSONS, [_person(one, one.person.key in mothers, extract) for one in clients]
    )
    write_some(folder / "ssd_linked_identifiers.csv", IDENTIFIERS, list(_identifiers(clients, extract)))
    write_some(folder / "ssd_address.csv", ADDRESSES, list(_addresses(clients, extract)))
    write_some(
        folder / "ssd_family.csv", "fami_table_id fami_family_id fami_person_id", list(_family(clients, extract))
    )
    _write_relations(folder, links, extract)
    write_care(folder, clients, extract)
    return [plain_record("ssd", bad, extract.records[at].person, extract.today) for at, bad in extra]


def _anybody(record: Record, extract: Extract) -> list[object]:
    person = record.person
    aliases = "; ".join(name for _, name in record.others)
    born = "" if person.unborn else iso(record.born)
    where = home_line(record, extract.dice, uprn_missing=0.5, postcode_missing=0.03)
    return [
        record.record_id, record.nhs, record.forename, record.middle, record.surname, aliases, born,
        flag(record.estimated), record.sex, *where, flag(is_client(record, extract)), iso(person.died),
        flag(bool(record.restricted)), record.duplicate_of,
    ]  # fmt: skip


def _person(record: Record, mother: bool, extract: Extract) -> Row:
    person, dice = record.person, extract.dice
    uncertain = record.estimated or person.unborn
    born, expected = ("", _stamp(record)) if uncertain else (_stamp(record), "")
    number = record.nhs if dice.chance(extract.rates["unique_id"]) else ""
    unknown = "" if record.upn else dice.pick(("UN1", "UN2", "UN4", ""))
    return [
        "", record.record_id, record.upn if dice.chance(0.5) else "", record.forename, record.surname, record.sex,
        record.sex, "", born, number, unknown, "", expected, iso(person.died), "Y" if mother else "", "",
    ]  # fmt: skip


def _stamp(record: Record) -> str:
    return f"{iso(record.born)} 00:00:00.000" if record.born else ""


def _identifiers(clients: Iterable[Record], extract: Extract) -> Iterator[Row]:
    """What the script writes for everybody (a placeholder), and what a council that has mended it adds."""
    number = 0
    for record in clients:
        found = [("Former Unique Pupil Number", "SSD_PH"), ("Unique Pupil Number", record.upn)]
        found += [("NHS Number", record.nhs)] if extract.dice.chance(extract.rates["linked_nhs"]) else []
        for kind, value in found:
            number += 1
            yield [f"L{number}", record.record_id, kind, value, "", ""]


def _addresses(clients: Iterable[Record], extract: Extract) -> Iterator[Row]:
    number, dice, rates = 0, extract.dice, extract.council.settings.errors
    for record in clients:
        for home in record.homes[-3:]:
            number += 1
            place = home.dwelling
            missing = dice.chance(rates["postcode_missing"])
            postcode = dice.pick(("XXXX", "nopostcode", "")) if missing else place.postcode.replace(" ", "")
            uprn = place.uprn if not dice.chance(rates["uprn_missing"]) else ""
            yield [
                f"A{number}", record.record_id, _TYPES[home.kind], iso(home.start), iso(home.end), postcode,
                _joined(place, uprn, quoted=dice.chance(extract.rates["quoted"])),
            ]  # fmt: skip


def _joined(place: Dwelling, uprn: str, quoted: bool) -> str:
    """The address as the script joins it: quotes in a value are not escaped, so one in twenty is no JSON at all."""
    building = place.building or ('The "Old" House' if quoted else "")
    parts = {
        "ROOM": "", "FLOOR": "", "FLAT": place.flat, "BUILDING": building, "HOUSE": place.number,
        "STREET": place.street, "TOWN": place.town, "UPRN": uprn, "EASTING": "", "NORTHING": "",
    }  # fmt: skip
    return "{" + ",".join(f'"{key}":"{value}"' for key, value in parts.items()) + "}"


def _family(clients: Iterable[Record], extract: Extract) -> Iterator[Row]:
    """A row for each of one to three contacts of a client; LCS has no family for one in five."""
    number, dice, none = 0, extract.dice, extract.rates["no_family"]
    for record in clients:
        home = record.person.household
        for _ in range(dice.whole(1, 3)):
            number += 1
            without = home is None or not home.members or dice.chance(none)
            family = dice.pick(("-1", "", "NULL")) if home is None or without else home.members[0].key
            yield [f"F{number}", family, record.record_id]


def _write_relations(folder: Path, links: list[Link], extract: Extract) -> None:
    dice, rate = extract.dice, extract.council.settings.errors["malformed"]
    rows = [_relationship(number, link, dice) for number, link in enumerate(links, 1)]
    with_bad_rows(dice, rate, rows, (), 6)
    write_some(folder / "relationships.csv", RELATIONSHIPS, rows)
    mothers = "moth_table_id moth_person_id moth_childs_person_id moth_childs_dob"
    write_some(folder / "ssd_mother.csv", mothers, list(_mothers(links, extract)))


def _relationship(number: int, link: Link, dice: Dice) -> list[object]:
    """As LCS says it: the code and the label are about the related person."""
    code = inverse(link.code)
    carer = flag(link.code in _PARENT and link.left.sex == "F" and not link.end)
    deleted = iso(link.end) if link.end and dice.chance(0.02) else ""
    return [
        number, link.left.record_id, link.right.record_id, words()[code][3], word(code, link.right.sex),
        "SECOND_IS_LABEL_OF_FIRST", iso(link.start), iso(link.end), "", carer if code in _CHILD else "", "", "", "",
        deleted,
    ]  # fmt: skip


def _mothers(links: Iterable[Link], extract: Extract) -> Iterator[Row]:
    """Current links from a woman, or somebody of unknown sex, to a client who is her child; some fathers slip in."""
    dice, number = extract.dice, 0
    for link in links:
        mother = link.left.sex != "M" or dice.chance(extract.rates["fathers"])
        if link.code not in _PARENT or link.end or not mother or not is_client(link.right, extract):
            continue
        number += 1
        born = "" if link.right.person.unborn else iso(link.right.born)
        yield [f"M{number}", link.left.record_id, link.right.record_id, born]
        if dice.chance(extract.rates["childless"]):
            number += 1
            yield [f"M{number}", link.left.record_id, "", ""]


PARTNER = Partner("ssd", 1_000_000, _holds, _write)
