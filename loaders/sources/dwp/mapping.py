"""DWP extracts to facts about places. No person can come of them: names, births and National Insurance numbers are
never read, and nothing here yields any table but place_fact.

A benefit that tells of an illness or a disability is not told, not even of an address. One household, one fact: how
many people at an address have the same benefit would tell of people.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from loaders.clean.addresses import split_line
from loaders.codes import placed
from loaders.context import Context, Row, RowRejected, StandardRow, flag, place

Rows = Iterator[tuple[str, StandardRow]]

_BENEFITS = Path(__file__).with_name("benefits.csv")
_FACTS = Path(__file__).with_name("household_facts.csv")
_SOME_BENEFIT = {"told": "Y", "words": "A benefit"}


def dwp_benefit_flag(row: Row, context: Context) -> Rows:
    """An address at which a benefit is paid, and whether it is one for people out of work."""
    where = _where(row, context)
    benefit = placed(_BENEFITS, row, "benefit_type") if row["benefit_type"] else _SOME_BENEFIT
    workless = flag(row["workless_benefit"])
    if workless is None:
        raise RowRejected("workless_benefit", "says neither yes nor no")
    on = context.needed_date(row, "as_of")
    if on is None or on > context.as_at:
        raise RowRejected("as_of", "no day, or one in the future")
    told = benefit["words"] if benefit["told"] == "Y" else ""
    if not told:
        context.note("benefits that tell of an illness or a disability: only whether they are for people out of work")
    if told:
        yield from _told("benefit", told, where, (on, None), context)
    if workless:
        yield from _told("out-of-work benefit", "", where, (on, None), context)


def dwp_households(row: Row, context: Context) -> Rows:
    """A fact about the household at an address."""
    where = _where(row, context)
    fact = placed(_FACTS, row, "fact")
    days = context.span(row, "start", "end")
    yield from _told("household", fact["words"], where, days, context)


def _where(row: Row, context: Context) -> StandardRow:
    written, tail = split_line(row["address_line"])
    postcode = context.postcode(row, "postcode") or context.postcode(Row(address_line=tail or ""), "address_line")
    return place(written, postcode, context.uprn(row, "uprn"), "address_line")


def _told(kind: str, words: str, where: StandardRow, days: tuple[date | None, date | None], context: Context) -> Rows:
    """The fact, the first time it is told of that place and day."""
    once = f"{kind}|{words}|{where['uprn'] or (where['text'], where['postcode'])}|{days[0]}"
    if once in context.shelves["told"]:
        context.note("facts told more than once of one address: kept once")
        return
    context.shelves["told"][once] = True
    standard: StandardRow = {
        "row_id": f"{context.source_row} {kind}",
        "service_id": "benefits",
        **where,
        "kind": kind,
        "on": days[0],
        "until": days[1],
        "detail": words or None,
        "tone": "neutral",
    }
    yield "place_fact", standard
