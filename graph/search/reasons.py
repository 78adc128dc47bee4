"""The words in which a hit says why it matched. Shown on the page, never logged: they hold parts of names."""

EXACT = "exact"
SIMILAR = "similar spelling"
SIMILAR_SOUND = "similar spelling, sounds alike"
SOUND = "sounds alike"
NICKNAME = "nickname"
INITIAL = "initial"

DATE_EXACT = "date of birth: exact"
DATE_SWAPPED = "date of birth: day and month swapped"
DATE_DIGIT = "date of birth: one digit off or two exchanged"
DATE_SAME_YEAR = "date of birth: differs, same year"
DATE_DIFFERS = "date of birth: differs"
DATE_MISSING = "date of birth: none recorded"
YEAR = "year of birth: exact"
YEAR_MONTH = "year and month of birth: exact"
BIRTHDAY = "day and month of birth: exact"
AGE = "age: exact"
AGE_ONE_OFF = "age: one year off"
AGE_DIFFERS = "age: differs"


def name_reason(field: str, typed: str, found: str, how: str, *, swapped: bool, kind: str) -> str:
    """Why one typed word of a name matched.

    As `forename typed Millie, found Amelia: nickname (main name)`; what was found is named only where it differs.
    """
    words = field if typed == found else f"{field} typed {typed.title()}, found {found.title()}"
    return f"{words}: {how}{', swapped' if swapped else ''} ({kind})"


def place_reason(field: str, how: str) -> str:
    """Why an address or postcode matched."""
    return f"{field}: {how}"


def id_reason(kind: str) -> str:
    """Why an id matched, named by its kind and not by its number."""
    return f"{kind}: exact"
