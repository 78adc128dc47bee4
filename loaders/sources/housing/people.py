"""NEC people to standard rows: a row a person and household, so that a person may stand on several; the first one that
is loaded names them. Organisations and officers (interested parties) stand in the same file and are no people of it.
"""

from collections.abc import Iterator
from pathlib import Path

from loaders.birth import birth_date
from loaders.clean.names import clean_name, sex_code
from loaders.codes import code_table
from loaders.context import NO_KEY, Context, Known, Row, RowRejected, StandardRow, flag, text
from loaders.involved import involvement
from loaders.sources.housing.household import Member, join, without_main_tenant
from loaders.sources.housing.spells import Spell, spell
from loaders.sources.housing.tenancies import NO_TENANCY, TYPES, Tenancy
from loaders.workers import organisation, worker

Rows = Iterator[tuple[str, StandardRow]]

_TERMINATIONS = Path(__file__).with_name("termination_reasons.csv")
_HOUSEHOLD_DAYS = ("lpar_hop_start_date", "lpar_hop_end_date")
_TENANT_DAYS = ("lpar_tin_start_date", "lpar_tin_end_date")


def people(row: Row, context: Context) -> Rows:
    """A member of a household; or an organisation, or an officer."""
    if row["lpar_type"].upper() == "ORG" or (row["lpar_org_name"] and not row["lpar_per_surname"]):
        contact = context.shelves["contacts"].get(row["lpar_per_alt_ref"], {})
        yield from organisation(text(row["lpar_org_name"]), context, **contact)
    elif row["lpar_ipp_shortname"] and row["lpar_tcy_alt_ref"] in NO_TENANCY:
        yield from _officer(row, context)
    else:
        yield from _member(row, context)


def finish(context: Context) -> Rows:
    """What had to wait for the end of the file: people of whom no row has a date of birth, and late relationships."""
    undated: dict[str, StandardRow] = context.shelves["without a date of birth"]
    yield from (("person", person) for person in undated.values())
    undated.clear()
    yield from without_main_tenant(context)


def _officer(row: Row, context: Context) -> Rows:
    """An officer, found later under any of the names the system has for them."""
    worker_id = text(row["lpar_ipp_staff_id"]) or row["lpar_ipp_shortname"]
    contact = context.shelves["contacts"].get(row["lpar_per_alt_ref"], {})
    names = [name for name in (clean_name(row["lpar_per_forename"]), clean_name(row["lpar_per_surname"])) if name]
    said: StandardRow = {
        "name": " ".join(names) or clean_name(row["lpar_ipp_shortname"]),
        "role": "Housing officer",
        "team": text(row["lpar_ipu_aun_code"]),
        "phone": context.phone(row, "lpar_phone") or contact.get("phone"),
        "email": contact.get("email"),
    }
    for column in ("lpar_ipp_staff_id", "lpar_ipp_shortname", "lpar_ipp_usr_username"):
        if row[column]:
            context.shelves["officers"].setdefault(row[column].casefold(), worker_id)
    if names:
        context.shelves["officers"].setdefault(" ".join(names).casefold(), worker_id)
    yield from worker(worker_id, said, context)


def _member(row: Row, context: Context) -> Rows:
    person, reference = row["lpar_per_alt_ref"], row["lpar_tcy_alt_ref"]
    if person in NO_KEY:
        raise RowRejected("lpar_per_alt_ref", "no person id")
    once = "|".join((person, reference, row["lpar_hop_start_date"]))
    if once in context.shelves["spells read"]:
        raise RowRejected("lpar_per_alt_ref", "the same spell of the same person stands on an earlier line")
    known = context.people.get(person)
    if known is None or known.dob is None:
        born = birth_date(row, "lpar_per_date_of_birth", context, unborn=False, restricted=False)
        known = Known(known.sex if known else sex_code(row["lpar_per_frv_fge_code"]), born)
    tenancy = _tenancy(reference, context)
    until = tenancy.end if tenancy else None
    lived = spell(row, _HOUSEHOLD_DAYS, until, known.dob, context)
    is_main = bool(flag(row["lpar_tin_main_tenant_ind"]))
    held = spell(row, _TENANT_DAYS, until, None, context) if is_main or flag(row["lpar_tcy_ind"]) else None
    context.shelves["spells read"][once] = True
    yield from _person(row, person, known, context)
    if reference in NO_TENANCY:
        return
    if tenancy is None:
        context.drop("lpar_tcy_alt_ref", "tenancy not in tenancies.csv")
        tenancy = Tenancy(None, None, "", "", ())
    if lived is not None:
        yield from _addresses(person, lived, tenancy, context)
    if held is not None:
        yield from _tenant(person, reference, held, tenancy, context)
    current = lived is not None and (lived.end is None or lived.end > context.as_at)
    word = " ".join(row["lpar_hop_hrv_rel_code"].split())
    member = Member(reference, person, word, current, held, context.file, context.line)
    yield from join(member, is_main=is_main, is_head=bool(flag(row["lpar_hop_head_hhold_ind"])), context=context)


def _tenancy(reference: str, context: Context) -> Tenancy | None:
    found: Tenancy | None = context.shelves["tenancies"].get(reference)
    return found


def _person(row: Row, person: str, known: Known, context: Context) -> Rows:
    """The person, the first time; with addresses of their own that are no tenancy's.

    One without a date of birth waits: a later row may have it.
    """
    undated = context.shelves["without a date of birth"]
    if person in context.people:
        if known.dob is not None and person in undated:
            context.add_person(person, known.sex, known.dob)
            yield "person", undated.pop(person) | {"dob": known.dob}
        return
    context.add_person(person, known.sex, known.dob)
    prefix, surname = clean_name(row["lpar_per_hou_surname_prefix"]), clean_name(row["lpar_per_surname"])
    standard: StandardRow = {
        "record_id": person,
        "forename": clean_name(row["lpar_per_forename"]),
        "middle_names": clean_name(row["lpar_per_other_name"]),
        "surname": f"{prefix} {surname}" if prefix and surname else surname,
        "sex": known.sex,
        "dob": known.dob,
        "status": "alive",
        "restricted": False,
        "updated_on": context.past_date(row, "lpar_modified_date"),
    }
    if known.dob is None:
        undated[person] = standard | {"source_row": context.source_row}
    else:
        yield "person", standard
    for own in context.shelves["own addresses"].pop(person, []):
        yield "address", {"record_id": person, **own, "type": "correspondence", "hidden": False}


def _addresses(person: str, lived: Spell, tenancy: Tenancy, context: Context) -> Rows:
    """Where the member lived: each property of the tenancy, for the days that both had it."""
    for holding in tenancy.holdings:
        place = context.shelves["places"].get(holding.property)
        if place is None:
            context.note("people whose property has no row in addresses.csv: no address is told")
            continue
        shared = lived.overlap(holding.start, holding.end)
        if shared is not None:
            standard: StandardRow = {
                "record_id": person,
                "text": place.text,
                "postcode": place.postcode,
                "uprn": place.uprn,
                "type": "home",
                "start": shared.start,
                "end": shared.end,
                "hidden": False,
            }
            yield "address", standard


def _tenant(person: str, reference: str, held: Spell, tenancy: Tenancy, context: Context) -> Rows:
    """A tenant's tenancy as an involvement, and the eviction that ended it."""
    context.shelves["tenants"].setdefault(reference, {})[person] = held
    kind = code_table(TYPES).get(tenancy.kind, {}).get("words") or "Tenancy"
    meaning = {"service_id": "housing", "kind": kind}
    yield "involvement", involvement(f"{reference}-{person}", person, meaning, held, context, role="Tenant")
    why = code_table(_TERMINATIONS).get(tenancy.reason, {})
    if why.get("kind") == "eviction" and held.end is not None and held.end == tenancy.end:
        event: StandardRow = {
            "row_id": f"{reference}-{person}-eviction",
            "record_id": person,
            "service_id": "housing",
            "kind": "eviction",
            "on": tenancy.end,
            "detail": why["words"] or None,
            "tone": "concern",
        }
        yield "event", event
