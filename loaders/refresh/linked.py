"""Tonight's linking with what people decided and what earlier nights left: the model, last night's scores and ids."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from graph.classes import VisibilityClass
from graph.evidence import write_settled
from graph.history import read_history, write_history
from graph.home import DataHome
from graph.judgements import Judgement, Judgements, Key, Verdict, links
from loaders.check import CheckResult
from loaders.linkage import Linked, link
from loaders.linkage.evidence import keep_evidence
from loaders.linkage.identity import by_record, changes, read_previous
from loaders.linkage.nights import read_night, write_night
from loaders.linkage.trained import FILE, Trained, doubts, read_trained, write_trained
from loaders.standard import read_standard
from loaders.tables import ADDRESS, PERSON

PEOPLE_FILE = "people.csv"
OUTGROWN = 2.0
"""How many times more, or fewer, records tonight than the model was learnt from before the report says so."""


def link_tonight(
    checked: CheckResult, home: DataHome, live: Path | None, progress: Callable[[str, float], None]
) -> Linked:
    """Who is whom tonight. Raises DataRefused where the kept model cannot be used."""
    people, addresses = (read_standard(checked.tables.get(one.name, ()), one) for one in (PERSON, ADDRESS))
    trained = read_trained(home.root / FILE)
    must, cannot = links(Judgements(home.root).standing())
    linked = link(
        people,
        addresses,
        previous=live / PEOPLE_FILE if live else None,
        progress=progress,
        must_link=must,
        cannot_link=cannot,
        trained=trained,
        last=read_night(live, trained.digest if trained else None),
        closed={one.source for one in checked.sources if VisibilityClass.STANDARD not in one.classes},
    )
    if trained and not 1 / OUTGROWN <= people.num_rows / trained.records <= OUTGROWN:
        note = f"the linkage model was learnt from {trained.records:,} records: run `flask train` on tonight's extracts"
        return replace(linked, report={**linked.report, "notes": [*linked.report["notes"], note]})
    return linked


def keep_for_later(linked: Linked, home: DataHome, folder: Path) -> None:
    """Keep with the build tonight's scores, the evidence for the review desk, and what became of earlier ids. Keep the
    model, where there is none yet and this one can be believed.
    """
    live = home.live()
    tonight = by_record(linked.clusters)
    new = changes(read_previous(live / PEOPLE_FILE if live else None), tonight, folder.name)
    write_history(folder, [*read_history(live), *new])
    if linked.evidence is not None:
        keep_evidence(folder, linked.evidence, tonight)
        write_settled(folder, _settled(Judgements(home.root).standing(), tonight))
    if linked.night is not None:
        write_night(folder, linked.night)
    if linked.trained and read_trained(home.root / FILE) is None and _believed(linked.trained):
        write_trained(home.root / FILE, linked.trained)


def _settled(standing: Iterable[Judgement], people: Mapping[Key, str]) -> Iterator[tuple[str, str]]:
    """Two people each whom somebody keeps apart, or could not tell apart: their other pairs need no look either."""
    for one in standing:
        left, right = people.get(one.left), people.get(one.right)
        if one.verdict is not Verdict.SAME and left and right and left != right:
            yield left, right


def _believed(trained: Trained) -> bool:
    return not trained.notes and not list(doubts(trained))
