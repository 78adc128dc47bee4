"""Identifiers of people who do not exist: right check digits, in ranges never issued to anyone.

NHS numbers from 999, UPN with local authority 000, telephone area 01632 (kept free for drama), unique learner numbers
from 999, property references from 999 000 000 000, police computer ids of 1900. Nothing here validates identifiers of
real people.
"""

from collections import Counter

_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_POLICE_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
_SPREAD = 385_741  # odd and no multiple of 5, so that serial numbers visit every number below a million once


def nhs_number(serial: int) -> str | None:
    """The NHS number of that serial, ten digits; None where the check digit would be 10, which is never issued."""
    body = f"999{serial * _SPREAD % 1_000_000:06d}"
    check = (11 - sum(int(digit) * (10 - at) for at, digit in enumerate(body)) % 11) % 11
    return None if check == 10 else f"{body}{check}"


def learner_number(serial: int) -> str | None:
    """A unique learner number from 999; None where no check digit fits."""
    body = f"999{serial * _SPREAD % 1_000_000:06d}"
    check = (10 - sum(int(digit) * (10 - at) for at, digit in enumerate(body)) % 11) % 11
    return None if check == 10 else f"{body}{check}"


def pupil_number(school: int, year: int, serial: int, temporary: bool = False) -> str:
    """A unique pupil number: authority 000, school, year first given, serial. A temporary one ends in a letter."""
    digits = f"000{school:04d}{year % 100:02d}{serial % 1000:03d}"
    if temporary:
        digits = digits[:-1] + "A"
    values = [_LETTERS.index(sign) if sign.isalpha() else int(sign) for sign in digits]
    return _LETTERS[sum(value * (at + 2) for at, value in enumerate(values)) % 23] + digits


def property_reference(serial: int) -> str:
    """A twelve-digit unique property reference number."""
    return f"999{serial:09d}"


def police_number(serial: int) -> str:
    """A Police National Computer id of 1900, a year long before there was such a computer."""
    return f"1900/{serial:07d}{_POLICE_LETTERS[serial % 23]}"


def telephone(serial: int) -> str:
    """A telephone number in 01632, the area code kept for fiction."""
    return f"01632 {960_200 + serial * 7 % 39_800:06d}"


class Registers:
    """Counters of what was given out in one council, so that nothing is given twice."""

    def __init__(self) -> None:
        self._nhs = 0
        self._learner = 0
        self._phone = 0
        self._pupils: Counter[tuple[int, int]] = Counter()

    def nhs(self) -> str:
        """A new NHS number; empty once the range of about 909,000 is used up."""
        while self._nhs < 1_000_000:
            self._nhs += 1
            if number := nhs_number(self._nhs):
                return number
        return ""

    def learner(self) -> str:
        """A new unique learner number; empty once the range is used up."""
        while self._learner < 1_000_000:
            self._learner += 1
            if number := learner_number(self._learner):
                return number
        return ""

    def pupil(self, school: int, year: int) -> str:
        """A new pupil number, given by that school in that year. A full school's year goes on at the next number."""
        while self._pupils[school, year] >= 999:
            school = school + 1 if school < 9999 else 1000
        self._pupils[school, year] += 1
        return pupil_number(school, year, self._pupils[school, year])

    def phone(self) -> str:
        """A telephone number; they repeat after 39,800."""
        self._phone += 1
        return telephone(self._phone)
