"""The review desk of one reader: the pairs of records they may compare, by key, by token and by decision.

Both records must be in the reader's own graph; nothing else of a family can be reached from here. A pair that may not
be seen is answered like one that does not exist.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from flask import current_app

from graph.classes import VisibilityClass
from graph.errors import UsageError
from graph.evidence import FILE, Evidence, Pair
from graph.home import begun
from graph.judgements import Judgement, Judgements, Verdict
from graph.settings import Journey
from web.desk.sight import (
    DONE,
    LISTED,
    SHIELD_ONLY,
    Alarms,
    Doubtful,
    Key,
    Seen,
    alarms,
    doubtful,
    of_person,
    records,
    shown,
)
from web.guard import visibility_of
from web.unit import heirs_of
from web.viewer import Viewer, live_build, web_settings


@dataclass(frozen=True, slots=True, repr=False)
class Case:
    """Two records a reader may compare, the smaller key first, with their score where one is kept."""

    left: Seen
    right: Seen
    scored: Pair | None

    @property
    def people(self) -> list[str]:
        """Who they are today: two people, or one."""
        return list(dict.fromkeys((self.left.person_id, self.right.person_id)))

    @property
    def joined(self) -> bool:
        """Whether both are one person today."""
        return self.left.person_id == self.right.person_id

    @property
    def restricted(self) -> bool:
        """Whether either belongs to somebody with a restriction."""
        return self.left.shielded or self.right.shielded

    @property
    def adopted(self) -> bool:
        """Whether an adoption keeps the two apart: only who sees all is ever told."""
        return self.scored is not None and self.scored.guard in SHIELD_ONLY

    @property
    def token(self) -> str:
        """What stands for this pair in an address: no record's id can be read from it, and none can be made up."""
        return f"{self.left.person_id}.{self.right.person_id}.{_signed(self.left.key, self.right.key)}"


class Desk:
    """The review desk of one reader."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self.judgements = Judgements(web_settings().data)
        folder = live_build().folder
        self.began = begun(live_build().build)
        """When the refresh whose graphs are read now began."""
        self._rules: dict[tuple[str, str], str] = {}
        self.evidence = Evidence(folder) if (folder / FILE).exists() else None

    @property
    def sees_all(self) -> bool:
        """Whether this reader's graph leaves nothing out."""
        return self.viewer.visibility is VisibilityClass.SHIELD

    def doubtful(self) -> Doubtful:
        """The doubtful pairs this reader may see."""
        most = LISTED * (1 + len(self.judgements.since(self.began)) // DONE)
        return Doubtful() if self.evidence is None else doubtful(*self._reach(), most)

    def alarms(self) -> Alarms:
        """The people whose records deserve a look, going by what this reader's graph holds of them."""
        return Alarms() if self.evidence is None else alarms(*self._reach())

    def records(self, keys: Iterable[Key]) -> dict[Key, Seen]:
        """Those of the records that are in this reader's graph. Nobody but the shield desk sees a restricted one."""
        return records(self.viewer, keys)

    def case(self, one: Key, other: Key) -> Case | None:
        """Those two records, where this reader may compare them; else None."""
        return next(iter(self.cases([(one, other)])), None)

    def cases(self, pairs: Iterable[tuple[Key, Key]]) -> list[Case]:
        """Those of the pairs that this reader may compare."""
        wanted = [sorted(pair) for pair in pairs]
        seen = self.records(key for pair in wanted for key in pair)
        scored = self._scored([(one, other) for one, other in wanted if one in seen and other in seen], seen)
        found = (Case(seen[one], seen[other], scored.get((one, other))) for one, other in wanted
                 if one in seen and other in seen)  # fmt: skip
        return [case for case in found if self._within(case)]

    def opened(self, token: str) -> Case | None:
        """The pair a token stands for, where this reader may compare it; else None. It holds over nights: the records
        are looked for with everybody they may have gone to.
        """
        people = list(dict.fromkeys(heir for one in token.split(".")[:2] for heir in heirs_of(one)))
        tag = token.rpartition(".")[2]
        rows = self.viewer.ask("records_of", person_ids=people) if people else ()
        keys = sorted({(str(row["source"]), str(row["record_id"])) for row in rows})
        for place, one in enumerate(keys):
            for other in keys[place + 1 :]:
                if hmac.compare_digest(_signed(one, other), tag):
                    return self.case(one, other)
        return None

    def of_decision(self, number: int) -> tuple[Judgement, Case] | None:
        """A decision of that number about records this reader may compare; else None."""
        known = self.judgements.numbered(number)
        return next(iter(self.told_of([known] if known else [])), None)

    def decisions_on(self, case: Case) -> list[Judgement]:
        """What was decided about two records, oldest first, as far as this reader may know it."""
        found = (self._told(one, case) for one in self.judgements.of_pair(case.left.key, case.right.key))
        return [one for one in found if one is not None]

    def told_of(self, judgements: Sequence[Judgement]) -> list[tuple[Judgement, Case]]:
        """Those decisions that are about records this reader may compare, in their order."""
        cases = {(one.left.key, one.right.key): one for one in self.cases({(j.left, j.right) for j in judgements})}
        found = ((one, cases[one.left, one.right]) for one in judgements if (one.left, one.right) in cases)
        told = ((self._told(one, case), case) for one, case in found)
        return [(one, case) for one, case in told if one is not None]

    def _told(self, judgement: Judgement, case: Case) -> Judgement | None:
        """A decision as this reader may know it: without its reason where who gave it sees more than they do, and not
        at all where what keeps the two records apart is not for them.
        """
        if self.sees_all or visibility_of(web_settings().data, judgement.by) is self.viewer.visibility:
            return judgement
        return None if self._sealed(case) else replace(judgement, reason="")

    def _sealed(self, case: Case) -> bool:
        pairs = self.evidence.of_person(case.left.person_id) if self.evidence else ()
        return any(ordered(one) == (case.left.key, case.right.key) and one.guard in SHIELD_ONLY for one in pairs)

    def others(self, case: Case) -> list[Pair]:
        """The other kept pairs of the same one or two people that this reader may see, the heaviest first."""
        if self.evidence is None:
            return []
        people = {case.left.person_id, case.right.person_id}
        kept = [
            one
            for one in self.evidence.of_person(case.left.person_id)
            if {one.person_left, one.person_right} == people and ordered(one) != (case.left.key, case.right.key)
        ]
        return list(shown(self.viewer, kept, self.records(key for one in kept for key in (one.left, one.right))))

    def must_share(self, case: Case) -> str:
        """What records of their two sources must share to be scored at all, in words."""
        sources = case.left.key[0], case.right.key[0]
        if sources not in self._rules:
            self._rules[sources] = self.evidence.must_share(*sources) if self.evidence else ""
        return self._rules[sources]

    def decide(self, case: Case, verdict: Verdict, reason: str) -> Judgement:
        """Write a decision down. A merge that touches somebody with a restriction needs a second person. Raises
        UsageError for what may not be decided.
        """
        if verdict is Verdict.SAME and case.adopted:
            raise UsageError("An adoption keeps these two apart. Nobody can join them.")
        two = verdict is Verdict.SAME and case.restricted
        by = self.viewer.username
        return self.judgements.decide(case.left.key, case.right.key, verdict, by, reason, needs_second=two)

    def _within(self, case: Case) -> bool:
        """In Leeds nobody but who is on a caseload can be opened: the desk compares there what was scored or decided,
        or what is of people it may open.
        """
        if web_settings().journey is not Journey.LEEDS or case.scored is not None:
            return True
        if all(self.viewer.may_open(one) for one in case.people):
            return True
        return bool(self.decisions_on(case))

    def _scored(self, pairs: Sequence[tuple[Key, Key]], seen: Mapping[Key, Seen]) -> dict[tuple[Key, Key], Pair]:
        if self.evidence is None:
            return {}
        wanted = set(pairs)
        people = {seen[one].person_id for one, _ in wanted}
        kept = [pair for who in people for pair in self.evidence.of_person(who) if ordered(pair) in wanted]
        return {ordered(one): one for one in shown(self.viewer, kept, seen)}

    def of_person(self, person_id: str) -> list[Pair]:
        """The kept pairs of a person's records with one another that this reader may see, the heaviest first."""
        return [] if self.evidence is None else of_person(self.viewer, self.evidence, person_id)

    def _reach(self) -> tuple[Path, VisibilityClass, tuple[str, ...]]:
        return live_build().folder, self.viewer.visibility, tuple(self.viewer.excluded())


def ordered(pair: Pair) -> tuple[Key, Key]:
    """The keys of a pair, the smaller first."""
    one, other = sorted((pair.left, pair.right))
    return one, other


def _signed(one: Key, other: Key) -> str:
    secret = current_app.secret_key
    key = secret if isinstance(secret, bytes) else str(secret).encode()
    content = json.dumps(["review", *sorted((one, other))]).encode()
    return hmac.new(key, content, hashlib.sha256).hexdigest()[:24]
