"""Identifiers with a check digit or a fixed form. A number that fails is no identifier: it must never link two people.

Rules: NHS Data Dictionary (NHS number), DfE UPN guide, LRS (ULN), GeoPlace (UPRN).
"""

import re
from functools import lru_cache

PLACEHOLDERS = frozenset(
    {"", "NULL", "N/A", "NA", "NONE", "UNKNOWN", "SSD_PH", "UN1", "UN2", "UN3", "UN4", "UN5", "-1", "0"}
)
"""What systems write for "no number"; SSD_PH and UN1 to UN5 come from the Standard Safeguarding Dataset scripts."""

_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_UPN = re.compile(r"[A-Z]\d{11}[\dA-Z]", re.ASCII)
_PNC = re.compile(r"(\d{2}|\d{4})/(\d{1,7})([A-Z])", re.ASCII)
_PNC_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
_DIGITS_10 = re.compile(r"\d{10}", re.ASCII)
_UPRN = re.compile(r"0*(\d{1,12})(?:\.0+)?", re.ASCII)


class BadIdentifier(ValueError):
    """A text that is not such an identifier. The message is the reason, and never repeats the text."""


def is_placeholder(text: str) -> bool:
    """Whether a text stands for "no identifier"."""
    return text.strip().upper() in PLACEHOLDERS


@lru_cache(maxsize=65_536)
def nhs_number(text: str) -> str | None:
    """The ten digits of an NHS number; None for a placeholder. Raises BadIdentifier."""
    if is_placeholder(text):
        return None
    digits = re.sub(r"[\s-]", "", text)
    if not _DIGITS_10.fullmatch(digits):
        raise BadIdentifier("an NHS number has ten digits")
    if len(set(digits)) == 1:
        raise BadIdentifier("ten equal digits")
    check = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    if check % 11 != int(digits[9]) or check == 10:
        raise BadIdentifier("the check digit is wrong")
    return digits


@lru_cache(maxsize=65_536)
def upn(text: str) -> str | None:
    """A permanent unique pupil number; None for a placeholder.

    Raises BadIdentifier, also for a temporary number (13th character a letter), which must never link anybody.
    """
    if is_placeholder(text):
        return None
    number = re.sub(r"\s", "", text).upper()
    if not _UPN.fullmatch(number):
        raise BadIdentifier("a UPN is one letter and twelve digits")
    if not number[12].isdigit():
        raise BadIdentifier("a temporary UPN")
    total = sum(int(digit) * place for place, digit in enumerate(number[1:], start=2))
    if _UPN_LETTERS[total % 23] != number[0]:
        raise BadIdentifier("the check letter is wrong")
    return number


@lru_cache(maxsize=65_536)
def uln(text: str) -> str | None:
    """A unique learner number; None for a placeholder. Raises BadIdentifier."""
    if is_placeholder(text):
        return None
    digits = re.sub(r"\s", "", text)
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
    match = _PNC.fullmatch(re.sub(r"\s", "", text).upper())
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


def invented_nhs_number(number: str) -> bool:
    """Whether a valid NHS number is from the range that is never issued."""
    return number.startswith("999")


def invented_upn(number: str) -> bool:
    """Whether a valid UPN names local authority 000, which does not exist."""
    return number[1:4] == "000"


def invented_phone(text: str) -> bool:
    """Whether a telephone number is from 01632, which Ofcom keeps for fiction."""
    return re.sub(r"\D", "", text).removeprefix("44").lstrip("0").startswith("1632")
