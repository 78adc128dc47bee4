"""Dated facts about tenants: arrears and what followed, anti-social behaviour, housing benefit. Never an amount.

An arrears action is of a rent account, so it is told of every tenant the account had that day.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from loaders.codes import placed
from loaders.context import NO_KEY, Context, Row, RowRejected, StandardRow, flag
from loaders.sources.housing.spells import Spell

Rows = Iterator[tuple[str, StandardRow]]

_ACTIONS = Path(__file__).with_name("arrears_actions.csv")
_CATEGORIES = Path(__file__).with_name("asb_categories.csv")
_ROLES = Path(__file__).with_name("asb_roles.csv")
_CANCELLED = frozenset({"CANC", "CAN", "C", "DEL", "D"})


def arrears_actions(row: Row, context: Context) -> Rows:
    """An action on a rent account, for each tenant of the day. Letters of mere routine tell nothing of a family."""
    account = row["LACA_PAY_REF"]
    tenants: dict[str, Spell] = context.shelves["tenants"].get(account, {})
    if account in NO_KEY or (not tenants and context.people_file_present):
        raise RowRejected("LACA_PAY_REF", "no tenant of this account in people.csv")
    meaning = placed(_ACTIONS, row, "LACA_ARA_CODE")
    on, until = context.span(row, "LACA_EFFECTIVE_DATE", "LACA_EXPIRY_DATE")
    on = on or context.past_date(row, "LACA_CREATED_DATE")
    if row["LACA_STATUS"].upper() in _CANCELLED:
        context.note("arrears actions that were cancelled: not told")
        return
    if not meaning["kind"]:
        context.note("arrears actions of mere routine: not told")
        return
    disputed = ", disputed by the tenant" if flag(row["LACA_ARREARS_DISPUTE_IND"]) else ""
    for person in _tenants_on(tenants, on):
        standard: StandardRow = {
            "row_id": f"{account}-{context.line}-{person}",
            "record_id": person,
            "service_id": "housing",
            "kind": meaning["kind"],
            "on": on,
            "until": until,
            "detail": f"{meaning['words']}{disputed}",
            "tone": meaning["tone"],
        }
        yield "event", standard


def _tenants_on(tenants: dict[str, Spell], day: date | None) -> list[str]:
    """The tenants of that day; all of them where no day is known or none had begun or all had left."""
    there = [person for person, held in tenants.items() if _holds(held, day)]
    return there or list(tenants)


def _holds(held: Spell, day: date | None) -> bool:
    if day is None:
        return True
    return (held.start is None or held.start <= day) and (held.end is None or day <= held.end)


def asb_cases(row: Row, context: Context) -> Rows:
    """Anti-social behaviour somebody is held responsible for. Who complained or saw it is never told."""
    context.known(row["person_ref"], "person_ref")
    role, category = placed(_ROLES, row, "role"), placed(_CATEGORIES, row, "category")
    on, until = context.span(row, "opened_on", "closed_on")
    if role["told"] != "Y":
        context.note("people who complained of anti-social behaviour or saw it: not told")
        return
    standard: StandardRow = {
        "row_id": row["asb_id"],
        "record_id": row["person_ref"],
        "service_id": "housing",
        "kind": "anti-social behaviour",
        "on": on,
        "until": until,
        "detail": category["words"],
        "tone": "concern",
    }
    yield "event", standard


def housing_benefit(row: Row, context: Context) -> Rows:
    """A claim of housing benefit: that there is one, and when."""
    context.known(row["person_ref"], "person_ref")
    on, until = context.span(row, "start", "end")
    standard: StandardRow = {
        "row_id": row["claim_ref"],
        "record_id": row["person_ref"],
        "service_id": "housing",
        "kind": "housing benefit",
        "on": on,
        "until": until,
        "tone": "neutral",
    }
    yield "event", standard
