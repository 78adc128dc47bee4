"""Identifiers with a check digit or a fixed form. A number that fails is no identifier: it must never link two people.

Check digits of the NHS number and the UPN are python-stdnum's; the others are not in it. Rules: NHS Data Dictionary
(NHS number), DfE UPN guide, LRS (ULN), GeoPlace (UPRN). Ranges never issued stand in `identifiers.yaml`.
"""

import re
from functools import cache, lru_cache

from stdnum.gb import nhs
from stdnum.gb import upn as upn_rule

from loaders.clean import placeholders, wordlists

_UPN = re.compile(r"[A-Z]\d{11}[\dA-Z]", re.ASCII)
_PNC = re.compile(r"(\d{2}|\d{4})/(\d{1,7})([A-Z])", re.ASCII)
_PNC_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
_DIGITS_10 = re.compile(r"\d{10}", re.ASCII)
_UPRN = re.compile(r"0*(\d{1,12})(?:\.0+)?", re.ASCII)
_SPACE = re.compile(r"\s")
_SPACE_OR_DASH = re.compile(r"[\s-]")
_NOT_A_DIGIT = re.compile(r"\D")
LONGEST_LLID = 40


class BadIdentifier(ValueError):
    """A text that is not such an identifier. The message is the reason, and never repeats the text."""


def is_placeholder(text: str) -> bool:
    """Whether a text stands for "no identifier"."""
    return text.strip().upper() in placeholders.upper("identifiers")


@lru_cache(maxsize=65_536)
def nhs_number(text: str) -> str | None:
    """The ten digits of an NHS number; None for a placeholder. Raises BadIdentifier."""
    if is_placeholder(text):
        return None
    digits = _SPACE_OR_DASH.sub("", text)
    if not _DIGITS_10.fullmatch(digits):
        raise BadIdentifier("an NHS number has ten digits")
    if len(set(digits)) == 1:
        raise BadIdentifier("ten equal digits")
    if nhs.checksum(digits):
        raise BadIdentifier("the check digit is wrong")
    return digits


@lru_cache(maxsize=65_536)
def upn(text: str) -> str | None:
    """A permanent unique pupil number; None for a placeholder.

    Raises BadIdentifier, also for a temporary number (13th character a letter), which must never link anybody.
    """
    if is_placeholder(text):
        return None
    number = _SPACE.sub("", text).upper()
    if not _UPN.fullmatch(number):
        raise BadIdentifier("a UPN is one letter and twelve digits")
    if not number[12].isdigit():
        raise BadIdentifier("a temporary UPN")
    if upn_rule.calc_check_digit(number[1:]) != number[0]:
        raise BadIdentifier("the check letter is wrong")
    return number


@lru_cache(maxsize=65_536)
def uln(text: str) -> str | None:
    """A unique learner number; None for a placeholder. Raises BadIdentifier."""
    if is_placeholder(text):
        return None
    digits = _SPACE.sub("", text)
    if not _DIGITS_10.fullmatch(digits) or digits[0] == "0":
        raise BadIdentifier("a ULN has ten digits and does not begin with 0")
    if sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11 != 10:
        raise BadIdentifier("the check digit is wrong")
    return digits


@lru_cache(maxsize=65_536)
def pnc(text: str) -> str | None:
    """A Police National Computer id as yyyy/nnnnnnnX, its check letter proved; None for a placeholder.

    A short form such as 12/345X is completed. Raises BadIdentifier.
    """
    if is_placeholder(text):
        return None
    match = _PNC.fullmatch(_SPACE.sub("", text).upper())
    if match is None:
        raise BadIdentifier("a PNC id is a year, a slash, a number and a letter")
    year, number = match[1], match[2].zfill(7)
    if _PNC_LETTERS[int(year[-2:] + number) % 23] != match[3]:
        raise BadIdentifier("the check letter is wrong")
    return f"{_century(year)}/{number}{match[3]}"


def _century(year: str) -> str:
    """A year of two digits in full: the computer began in 1974, and earlier convictions were typed in later."""
    return year if len(year) == 4 else f"{'20' if int(year) < 40 else '19'}{year}"


@lru_cache(maxsize=65_536)
def uprn(text: str) -> str | None:
    """A unique property reference number without leading zeros; None for a placeholder. Raises BadIdentifier."""
    if is_placeholder(text):
        return None
    match = _UPRN.fullmatch(text.strip())
    if match is None:
        raise BadIdentifier("a UPRN has at most twelve digits")
    number = match[1].lstrip("0")
    return number or None


@lru_cache(maxsize=65_536)
def llid(text: str) -> str | None:
    """A Liquidlogic id as supplied, for it has no public form; None for a placeholder. Raises BadIdentifier."""
    if is_placeholder(text):
        return None
    number = text.strip()
    if len(number) > LONGEST_LLID or not number.isprintable() or " " in number:
        raise BadIdentifier("a Liquidlogic id is one short word")
    return number


def invented_nhs_number(number: str) -> bool:
    """Whether a valid NHS number is from the range that is never issued."""
    return number.startswith(_never_issued("nhs_number"))


def invented_upn(number: str) -> bool:
    """Whether a valid UPN names local authority 000, which does not exist."""
    return number[1:4] == _never_issued("upn_authority")


def invented_phone(text: str) -> bool:
    """Whether a telephone number is from 01632, which Ofcom keeps for fiction."""
    return _NOT_A_DIGIT.sub("", text).removeprefix("44").lstrip("0").startswith(_never_issued("phone"))


@cache
def _never_issued(kind: str) -> str:
    ranges = dict(
        wordlists.named(wordlists.part(wordlists.read("identifiers"), "never_issued", "identifiers"), _RANGES)
    )
    if not isinstance(ranges.get(kind), str) or not ranges[kind].isdigit():
        raise wordlists.BadTable(f"{_RANGES}: '{kind}' must be digits in quotes.")
    return str(ranges[kind])


_RANGES = "loaders/clean/identifiers.yaml never_issued"
