"""The words of the review desk: why a pair is doubtful, what a field says, what was decided and what follows from it.

Words as data; nothing is asked or decided here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from graph.evidence import Alarm, Field, Pair
from graph.judgements import Judgement, Verdict
from web.present.dates import day_words

VERDICTS = {
    Verdict.SAME: "the same person",
    Verdict.DIFFERENT: "different people",
    Verdict.UNSURE: "unsure",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why pairs are kept apart for somebody to look at: its name in an address, as a heading, and as a sentence."""

    slug: str
    title: str
    words: str


_KINDS = {
    "adoption": Reason("adoption", "Adoption", "One of them is of an adopted child: nothing joins the two, and nobody "
                       "can."),
    "two children": Reason("two-children", "Two children of one birth", "They were born on one day, and both their "
                           "forenames and numbers, or their places in the birth, differ: only a decision joins them."),
    "twins": Reason("twins", "Perhaps twins", "They share a surname and a day of birth, and their forenames differ: "
                    "twins, or one child under two names."),
    "siblings": Reason("siblings", "Perhaps brother or sister", "They share a surname, and their forenames differ: two "
                       "children of one family, or one badly mistyped name."),
    "namesakes": Reason("namesakes", "Perhaps parent and child", "They share a name and a home and were born twelve "
                        "years apart or more: parent and child, or one wrong year of birth."),
    "borrowed id": Reason("shared-number", "A number of two people", "They share a number, and neither forename nor "
                          "date of birth is near: one of them may have been given the other’s number."),
    "strangers": Reason("other-number", "One name, two numbers", "They share a name and date of birth, and have "
                        "different numbers and addresses."),
    "other middle name": Reason("middle-name", "Other middle names", "They share forename, surname and date of birth; "
                                "their middle names differ, and they share no number or home."),
    "unnamed": Reason("unnamed", "No forename", "One of them has no forename yet: the same child, or its twin."),
    "estimated date": Reason("estimated-date", "Born on 1 January", "Both are said to be born on 1 January, a day "
                             "given to many who know their year only, and share no number or home."),
    "others": Reason("others", "Other records speak against it", "By themselves they would be joined, but other "
                     "records of the two people speak against it."),
    "": Reason("near", "Nearly alike", "They agree too little to be joined without somebody looking."),
}  # fmt: skip


def reason(pair: Pair) -> Reason:
    """Why a pair waits: the guard that stopped it, or else what its own weight says."""
    kind = pair.guard or ("others" if pair.weight > 0 else "")
    return _KINDS.get(kind) or Reason(kind.replace(" ", "-"), kind.capitalize(), "A rule keeps them apart.")


def slugs(guard: str) -> list[str]:
    """The filters under which pairs that a guard stopped stand."""
    kinds = [guard] if guard else ["others", ""]
    return [_KINDS[kind].slug for kind in kinds if kind in _KINDS]


def in_a_line(title: str) -> str:
    """A field's title inside a sentence: names of numbers keep their capitals."""
    return title if title.partition(" ")[0] in _PROPER else title[:1].lower() + title[1:]


_PROPER = frozenset({"NHS", "Liquidlogic", "Police"})

REASONS = tuple(_KINDS.values())
"""Every reason, in the order of the queue's filters."""

_LEVELS = {
    "same": "the same",
    "known": "another form of the same",
    "near": "nearly the same spelling",
    "swapped": "forename and surname swapped",
    "middle": "one’s middle name is the other’s forename",
    "initial": "only an initial, which fits",
    "loose": "only loosely alike",
    "january": "the same, but 1 January is often a guess",
    "slip": "the same but for one slip",
    "year_january": "the same year, one of them as 1 January",
    "two_parts": "two of day, month and year the same",
    "partial": "what is known of it fits",
    "year": "only the year is the same",
    "street": "the same street or building",
    "postcode": "the same postcode",
    "words": "words in common",
    "else": "different",
    "missing": "nothing to compare",
}


def field_words(field: Field) -> str:
    """What one field says of two records: "nearly the same spelling"."""
    if not field.known:
        return _LEVELS["missing"]
    if (field.name, field.level) == ("dob", "swapped"):
        return "day and month swapped"
    words = _LEVELS.get(field.level, field.words or field.level.replace("_", " "))
    rare = ", a rare one" if field.rarity > 1 else ", a common one" if field.rarity < -1 else ""
    return words + rare


def signed(weight: float) -> str:
    """A weight with its sign: "+6.2", "−3.0"."""
    return f"{'−' if round(weight, 1) < 0 else '+'}{abs(round(weight, 1)):.1f}"


def chance(pair: Pair) -> str:
    """How likely one person is, going by the pair alone, in words a reader cannot take for certainty. Nothing where a
    rule holds the pair back: its weight is then the rule's and no chance.
    """
    if pair.guard:
        return ""
    share = pair.probability
    if share > 0.9999:
        return "more than 9,999 in 10,000"
    if share >= 0.01:
        return f"about {share * 100:.0f} in 100" if share < 0.995 else f"about {share * 10_000:,.0f} in 10,000"
    return "less than 1 in 100"


def alarm_words(alarm: Alarm) -> str:
    """Why a person's records deserve a look."""
    if alarm.kind == "large":
        return f"{alarm.figure:.0f} records are joined as this person: more than one person is likely to have."
    return f"The records joined as this person hardly agree: their mean weight is {signed(alarm.figure)}."


def decided(judgement: Judgement, called: Callable[[str], str]) -> str:
    """A decision in one line, without its reason. `called` gives the name of an account."""
    line = f"{called(judgement.by)} decided on {day_words(judgement.at.date())}: {VERDICTS[judgement.verdict]}"
    return line + (f"; {called(judgement.seconded_by)} agreed" if judgement.seconded_by else "")


def standing(judgement: Judgement, joined: bool, built: datetime | None = None) -> str:
    """What a decision means for these records now: what waits, what the next refresh brings, or that it is done.
    `built` is when the refresh that people see now began: a decision of before has been tried.
    """
    if judgement.undone_by:
        return "Taken back: it counts no more."
    if judgement.waits:
        return "It changes nothing until a second person agrees: one of them has a restricted record."
    if judgement.verdict is Verdict.UNSURE:
        return "It changes nothing. The pair is set aside."
    if judgement.verdict is Verdict.SAME and not joined and built and judgement.at < built:
        return "The last refresh could not join them: another decision, or a rule, keeps records of the two apart."
    if judgement.verdict is Verdict.SAME:
        return "They are one person." if joined else "They will be joined by the next refresh."
    return "They will be parted by the next refresh." if joined else "They stay two people."
