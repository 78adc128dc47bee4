"""Assessments and plans of the Standard Safeguarding Dataset, with their needs as coded. Outcomes are never read."""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from loaders.codes import code_table
from loaders.context import Context, Row, StandardRow
from loaders.plans import Made, needs, plan
from loaders.sources.ssd.involvements import author

Rows = Iterator[tuple[str, StandardRow]]

_FACTORS = Path(__file__).with_name("factors.csv")
_CODE = re.compile(r'"?\b(\d{1,2}[A-F]?)\b"?\s*(?::\s*"?(\w*))?', re.IGNORECASE)
_SAID_NO = frozenset({"no", "n", "false", "0"})


def ssd_assessment_factors(row: Row, context: Context) -> Rows:
    """The factors found by an assessment, kept for the assessment's own row."""
    factors, unknown = read_factors(row["cinf_assessment_factors_json"])
    if unknown:
        context.note("assessment factors that no list explains: left out")
    context.shelves["factors"].setdefault(row["cinf_assessment_id"], []).extend(factors)
    yield from ()


@lru_cache(maxsize=65_536)
def read_factors(text: str) -> tuple[tuple[str, ...], bool]:
    """(factors in plain words, whether some could not be told) of a list of codes or of codes with Yes and No.

    The text need not be proper JSON: codes are found wherever they stand.
    """
    listed, found, unknown = code_table(_FACTORS), list[str](), False
    for code, said in _codes(text):
        if said.casefold() in _SAID_NO:
            continue
        row = listed.get(code.upper())
        unknown |= row is None
        if row and row["words"]:
            found.append(row["words"])
    return tuple(dict.fromkeys(found)), unknown


def _codes(text: str) -> Iterator[tuple[str, str]]:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        yield from ((match[1], match[2] or "") for match in _CODE.finditer(text))
        return
    if isinstance(said, dict):
        yield from ((str(code), str(value)) for code, value in said.items())
    elif isinstance(said, list):
        yield from ((str(code), "") for code in said)
    elif said is not None:
        yield str(said), ""


def ssd_cin_assessments(row: Row, context: Context) -> Rows:
    """An assessment of a child in need, from its start until it is authorised."""
    context.known(row["cina_person_id"], "cina_person_id")
    span = context.span(row, "cina_assessment_start_date", "cina_assessment_auth_date")
    found = tuple(dict.fromkeys(context.shelves["factors"].get(row["cina_assessment_id"], [])))
    who = author(row["cina_assessment_worker_id"], context)
    row_id = f"assessment-{row['cina_assessment_id']}"
    yield "plan", plan(Made(row_id, row["cina_person_id"], "csc", "assessment", *span, found, who), context.as_at)


def ssd_cin_plans(row: Row, context: Context) -> Rows:
    """A plan for a child in need, with the primary need of its referral."""
    context.known(row["cinp_person_id"], "cinp_person_id")
    span = context.span(row, "cinp_cin_plan_start_date", "cinp_cin_plan_end_date")
    found = context.shelves["referral needs"].get(row["cinp_referral_id"], ())
    who = author(row["cinp_cin_plan_worker_id"], context)
    row_id = f"cin-{row['cinp_cin_plan_id']}"
    yield "plan", plan(Made(row_id, row["cinp_person_id"], "csc", "child in need", *span, found, who), context.as_at)


def ssd_cp_plans(row: Row, context: Context) -> Rows:
    """A child protection plan, with the latest categories of abuse recorded."""
    context.known(row["cppl_person_id"], "cppl_person_id")
    span = context.span(row, "cppl_cp_plan_start_date", "cppl_cp_plan_end_date")
    latest = "cppl_cp_plan_latest_category" if row["cppl_cp_plan_latest_category"] else "cppl_cp_plan_initial_category"
    found = needs(context, _categories(row, latest), latest)
    row_id = f"cp-{row['cppl_cp_plan_id']}"
    yield "plan", plan(Made(row_id, row["cppl_person_id"], "csc", "child protection", *span, found), context.as_at)


def _categories(row: Row, column: str) -> Row:
    """The categories of "Multiple: [Neglect, Physical abuse]" as a plain list."""
    inner = re.fullmatch(r"multiple\s*:\s*\[?(.*?)\]?\s*", row[column], re.IGNORECASE)
    return Row({column: inner[1].replace(",", ";").replace("/", ";") if inner and inner[1] else row[column]})
