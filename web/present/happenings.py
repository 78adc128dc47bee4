"""Dated facts in words: what happened, how often, and when last, so that a reader has it in ten seconds.

Facts of one kind stand together, most recent first. Nothing is weighed or scored, and of offences only the latest few
are ever shown.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from web.present.dates import day_words, has_ended, span_words
from web.present.folding import Telling, fold
from web.present.freshness import Provenance, Sources, provenance
from web.present.rows import Row, day, listed, text, unique


@dataclass(frozen=True, slots=True)
class Kind:
    """How facts of one kind are said. Where the `latest` is the news, it is said and not how many there are.

    A `standing` one holds until it is ended. Where there is one a day at most (`daily`), what two sources tell of one
    day is one, however each of them codes it. At most `most` are shown, where there is a limit.
    """

    one: str
    many: str = ""
    latest: bool = False
    standing: bool = False
    daily: bool = False
    most: int = 0


KINDS = {
    "missing episode": Kind("missing episode", "missing episodes", daily=True),
    "suspension": Kind("suspension", "suspensions", daily=True),
    "suspension total": Kind("suspensions in all", latest=True),
    "permanent exclusion": Kind("permanent exclusion", "permanent exclusions", daily=True),
    "attendance": Kind("attendance", latest=True, daily=True),
    "attainment": Kind("attainment", latest=True),
    "behaviour": Kind("behaviour incident", "behaviour incidents"),
    "behaviour total": Kind("behaviour incidents in all", latest=True),
    "young carer": Kind("young carer", latest=True, daily=True),
    "not in education": Kind("not in education, employment or training", latest=True, standing=True, daily=True),
    "in education, employment or training": Kind("in education, employment or training", latest=True, standing=True),
    "risk of NEET indicator": Kind("risk of NEET indicator", latest=True),
    "session attended": Kind("session attended", "sessions attended"),
    "session missed": Kind("session missed", "sessions missed"),
    "police notification": Kind("police notification", "police notifications", daily=True),
    "offence": Kind("offence", "offences", most=3),
    "other offences on record": Kind("other offences on record", latest=True),
    "rent arrears": Kind("rent arrears", latest=True),
    "notice seeking possession": Kind("notice seeking possession", "notices seeking possession", daily=True),
    "eviction": Kind("eviction", "evictions", daily=True),
    "anti-social behaviour": Kind("report of anti-social behaviour", "reports of anti-social behaviour"),
    "homelessness presentation": Kind("homelessness presentation", "homelessness presentations", daily=True),
    "housing benefit": Kind("housing benefit", latest=True, standing=True),
    "universal credit": Kind("universal credit", latest=True, standing=True),
    "benefit": Kind("benefit paid", latest=True),
    "out-of-work benefit": Kind("out-of-work benefit paid", latest=True),
    "household": Kind("household", latest=True, standing=True),
    "contact with social care": Kind("contact with social care", "contacts with social care"),
    "health contact": Kind("health contact", "health contacts"),
}
"""The kinds every source shares. One that is not here is said as it stands."""

HOLDS_MORE = {"other offences on record": ("offence", "The police hold more offences than these.")}
"""Kinds that only say that there is more of another, and the words beside that one."""

TONES = {"concern": "Concern", "protective": "Protective"}
"""What is said of a tone. A neutral fact needs no word."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One dated fact, in words: what it is called, `when` it was, and its coded `detail`, which may be empty."""

    name: str
    on: date | None
    ended: str
    when: str
    detail: str
    tone: str
    provenance: Provenance

    @property
    def tones(self) -> tuple[str, ...]:
        """Its tone in a word; none for a neutral one."""
        return (TONES[self.tone],) if self.tone in TONES else ()

    @property
    def words(self) -> str:
        """The day and what is coded of it: "4 May 2026: Returned home"."""
        return f"{self.when}: {self.detail}" if self.detail else self.when


@dataclass(frozen=True, slots=True)
class Happenings:
    """The facts of one kind: a headline, each of them with its sources, and what must be said beside them.

    `listed` says that each stands open under the headline. `more` says that there are more than are shown, and
    `more_said` who says so.
    """

    kind: str
    headline: str
    tones: tuple[str, ...]
    told: tuple[Telling[Happening], ...]
    listed: bool
    more: str
    more_said: tuple[Provenance, ...]
    note: str

    @property
    def mixed(self) -> bool:
        """Whether their tones differ, so that each needs a word of its own."""
        return len({telling.main.tones for telling in self.told}) > 1

    @property
    def sources(self) -> str:
        """Names of the sources, as an attribute holds them."""
        return " ".join(unique(one.source for telling in self.told for one in telling.said))


def happenings(rows: Iterable[Row], sources: Sources, on: date) -> list[Happenings]:
    """The facts of one service or place, a kind at a time: the kind with the most recent fact first."""
    by_kind: dict[str, list[Row]] = {}
    for row in sorted(rows, key=_place):
        by_kind.setdefault(text(row, "kind") or "", []).append(row)
    beside = {of: by_kind.pop(kind) for kind, (of, _) in HOLDS_MORE.items() if kind in by_kind and of in by_kind}
    return [_of_kind(kind, group, beside.get(kind, ()), sources, on) for kind, group in by_kind.items()]


def still_so(row: Row, on: date) -> bool:
    """Whether a fact that holds until it is ended has not been."""
    start = day(row, "on")
    if not _kind(text(row, "kind") or "").standing or (start and start > on):
        return False
    return not has_ended(day(row, "until"), on)


def _kind(name: str) -> Kind:
    return KINDS.get(name) or Kind(name or "fact of a kind not recorded")


def _of_kind(name: str, rows: Sequence[Row], more: Sequence[Row], sources: Sources, on: date) -> Happenings:
    kind = _kind(name)
    each = [_happening(row, kind, sources, on) for row in rows]
    told = fold(each, lambda one: _same(one, kind), (("detail", "as"), ("ended", "until")))
    shown = told[: kind.most] if kind.most else told
    cut = [*more, *(rows if len(told) > len(shown) else ())]
    return Happenings(
        kind=name,
        headline=_headline(kind, told, len(shown)),
        tones=_tones(shown[:1] if kind.latest else shown),
        told=tuple(shown),
        listed=bool(kind.most),
        more=next((words for of, words in HOLDS_MORE.values() if of == name), "") if cut else "",
        more_said=tuple({one.source: one for one in (provenance(row, sources) for row in cut)}.values()),
        note="" if kind.latest else _note(shown),
    )


def _tones(told: Sequence[Telling[Happening]]) -> tuple[str, ...]:
    return tuple(unique(word for one in told for word in one.main.tones))


def _headline(kind: Kind, told: Sequence[Telling[Happening]], shown: int) -> str:
    """What stands in the one line: how many and when last, or what was said last."""
    latest = told[0].main
    if kind.most:
        return _first_up(kind.one if shown == 1 else f"{kind.many}, the latest first")
    if kind.latest:
        said = f"{latest.detail}, {latest.when}" if latest.detail else latest.when
        return f"{_first_up(kind.one)}: {said}"
    number = len(told)
    if number == 1:
        return f"{'1 ' if kind.many else ''}{kind.one if kind.many else _first_up(kind.one)}, {latest.words}"
    last = f"latest {latest.words}" if latest.on else "dates not recorded"
    return f"{number} {kind.many}, {last}" if kind.many else f"{_first_up(kind.one)}: {number}, {last}"


def _note(told: Sequence[Telling[Happening]]) -> str:
    """Several sources whose tellings could not all be told to be the same: nobody may add them up."""
    names = unique(one.title for telling in told for one in telling.said)
    alone = {telling.main.provenance.source for telling in told if not telling.others}
    if len(names) < 2 or len(told) < 2 or not alone:
        return ""
    counts = Counter(one.title for telling in told for one in telling.said)
    return f"{listed(f'{name} tells of {counts[name]}' for name in names)}; the same one may stand here twice."


def _same(one: Happening, kind: Kind) -> tuple[date, str] | None:
    return (one.on, "" if kind.daily else one.detail.casefold()) if one.on else None


def _happening(row: Row, kind: Kind, sources: Sources, on: date) -> Happening:
    start, end = day(row, "on"), day(row, "until")
    return Happening(
        name=kind.one,
        on=start,
        ended=day_words(end) if end and end != start else "",
        when=_when(start, end, kind.standing, on),
        detail=text(row, "detail") or "",
        tone=text(row, "tone") or "",
        provenance=provenance(row, sources),
    )


def _when(start: date | None, end: date | None, standing: bool, on: date) -> str:
    if start is None and end is None:
        return "date not recorded"
    if standing:
        return span_words(start, end, on)
    if start is None or end is None or end == start:
        return day_words(start or end or on)
    return f"{day_words(start)} to {day_words(end)}"


def _place(row: Row) -> tuple[int, str, str]:
    """The most recent first, by its last day where it lasted, and those without a date last."""
    last = day(row, "until") or day(row, "on")
    return (-last.toordinal() if last else 0, text(row, "source") or "", text(row, "event_id") or "")


def _first_up(words: str) -> str:
    return words[:1].upper() + words[1:]
