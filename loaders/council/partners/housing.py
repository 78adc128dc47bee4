"""The NEC Housing extract: tenancies of some households, everybody in them, and what happened about the rent.

A tenancy is a spell of its main tenant at one dwelling; the others of the household are on it for the days they lived
there too. What is written about arrears, benefit and behaviour is drawn here: no other system knows of it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from loaders.council.dice import Dice, Weighted
from loaders.council.links import both_ways
from loaders.council.model import Dwelling, Person, Residence, Worker
from loaders.council.partner import Extract, Partner
from loaders.council.partners.housing_facts import write_facts
from loaders.council.partners.housing_people import HOUSING, Occupant, write_people
from loaders.council.population import Council
from loaders.council.records import Record
from loaders.council.tables import Row, named, write_some

CONTACTS = "LCDE_LEGACY_REF LCDE_LEGACY_TYPE LCDE_START_DATE LCDE_CONTACT_VALUE LCDE_FRV_CME_CODE LCDE_END_DATE"
ADDRESSES = """
    LAUS_LEGACY_REF LAUS_AUT_FAO_CODE LAUS_AUT_FAR_CODE LAUS_START_DATE LAUS_END_DATE LADR_FLAT LADR_BUILDING
    LADR_STREET_NUMBER LAEL_STREET LAEL_TOWN LAEL_POSTCODE LADR_UPRN
"""
TENANCIES = """
    ltcy_alt_ref ltcy_act_start_date ltcy_act_end_date ltcy_correspond_name ltcy_hrv_ttyp_code ltcy_hrv_ttr_code
    ltcy_tho_propref1 ltcy_tho_start_date1 ltcy_tho_end_date1
"""
_REASONS = Weighted((("TRAN", 0.42), ("GIVN", 0.5), ("ABAN", 0.07), ("EVIC", 0.01)))


@dataclass(slots=True)
class Tenancy:
    """A tenancy to be written: its reference, main tenant, dwelling, days, kind and why it ended."""

    reference: str
    main: Record
    home: Residence
    kind: str
    reason: str
    occupants: list[Occupant]


def _holds(council: Council, dice: Dice) -> Iterable[Person]:
    """A share of the households, and whoever has housing support: everybody in them who is born."""
    share = council.settings.sources["housing"]["households"]
    for home in council.households:
        supported = any(spell.kind == HOUSING for one in home.members for spell in one.spells)
        if dice.chance(share) or supported:
            yield from (one for one in home.members if not (one.unborn or one.superseded))


def _write(folder: Path, extract: Extract) -> list[Record]:
    tenancies = list(_tenancies(extract))
    officers = _officers(extract)
    properties = {one.home.dwelling.key: one.home.dwelling for one in tenancies}
    write_some(folder / "addresses.csv", ADDRESSES, [_address(place, extract) for place in properties.values()])
    write_some(folder / "tenancies.csv", TENANCIES, [_tenancy(one) for one in tenancies])
    write_some(folder / "contacts.csv", CONTACTS, list(_contacts(officers)))
    occupants = [occupant for one in tenancies for occupant in one.occupants]
    extra = write_people(folder / "people.csv", extract, occupants, officers)
    write_facts(folder, extract, [(one.reference, one.home, one.main) for one in tenancies])
    return extra


def _tenancies(extract: Extract) -> Iterator[Tenancy]:
    """Each household's tenancies: those of its first adult on record, at most two of them."""
    households: dict[int, list[Record]] = {}
    for record in extract.registry.first.values():
        households.setdefault(id(record.person.household), []).append(record)
    number, dice = 200_000, extract.dice
    kin = both_ways(extract.links())
    for records in households.values():
        main = _main_tenant(records, extract)
        if main is None:
            continue
        for home in [home for home in main.homes if home.kind in ("home", "temporary")][-2:]:
            number += 1
            ended = home.end is not None
            kind = "TEMP" if home.kind == "temporary" else dice.pick(("SEC", "SEC", "SEC", "INT", "FLEX"))
            reason = dice.draw(_REASONS) if ended else ""
            reference = f"T{number}"
            occupants = [
                Occupant(reference, record, lived, home, main, kin.get((record.person.key, main.person.key), ""))
                for record in records
                if (lived := _lived(record, home)) is not None
            ]
            yield Tenancy(reference, main, home, kind, reason, occupants)


def _main_tenant(records: list[Record], extract: Extract) -> Record | None:
    """Whoever of the household is of age and nearest to forty-five."""
    grown = [one for one in records if one.person.age(extract.today) >= 18 and one.homes]
    return min(grown, key=lambda one: (abs(one.person.age(extract.today) - 45), one.person.key), default=None)


def _lived(record: Record, home: Residence) -> Residence | None:
    """The part of the tenancy that somebody lived at the place."""
    for own in record.homes:
        begins_in_time = home.end is None or own.start <= home.end
        if own.dwelling is home.dwelling and begins_in_time and (own.end is None or own.end >= home.start):
            return own
    return None


def _officers(extract: Extract) -> list[Worker]:
    """The housing officers who work with anybody on record, each once."""
    found: dict[str, Worker] = {}
    for record in extract.registry.first.values():
        found.update((spell.worker.key, spell.worker) for spell in record.person.spells if spell.kind == HOUSING)
    return list(found.values())


def _address(place: Dwelling, extract: Extract) -> Row:
    uprn = place.uprn if extract.dice.chance(0.92) else ""
    return [
        f"P{place.key}", "PRO", "PHYSICAL", "", "", place.flat.removeprefix("Flat "), place.building, place.number,
        place.street, place.town, place.postcode, uprn,
    ]  # fmt: skip


def _tenancy(one: Tenancy) -> Row:
    place = f"P{one.home.dwelling.key}"
    days = [named(one.home.start), named(one.home.end)]
    name = f"{one.main.forename[:1]} {one.main.surname}"
    return [one.reference, *days, name, one.kind, one.reason, place, *days]


def _contacts(officers: list[Worker]) -> Iterator[Row]:
    for officer in officers:
        reference = f"IP{officer.key}"
        yield [reference, "PAR", "", officer.phone, "WORKTEL", ""]
        yield [reference, "PAR", "", officer.email, "EMAIL", ""]


PARTNER = Partner("housing", 5_500_000, _holds, _write)
