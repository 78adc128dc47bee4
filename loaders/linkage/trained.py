"""A trained model on file: what was learnt once, used night after night as it is, so that weights do not wander.

Reads and writes; learns nothing. A model that cannot be believed is refused, never mended.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from graph.errors import DataRefused
from graph.home import owner_only_files
from loaders.linkage.model import Model, credible
from loaders.linkage.settings import COMPARISONS, MODEL_VERSION

FILE = "linkage-model.json"
LEAST_NAMED = 5
"""People who share a name before its frequency is kept: a rarer name is taken to be as rare as a name may be."""


@dataclass(frozen=True, slots=True)
class Trained:
    """What was learnt from `records` records: m and u by comparison and level, the prior (probability that two records
    drawn at random are one person), and how frequent each common forename and surname is (share of the records that
    have one).
    """

    version: str
    trained_on: date
    records: int
    prior: float
    parameters: Mapping[str, Sequence[tuple[float, float]]]
    frequencies: Mapping[str, Mapping[str, float]]
    notes: Sequence[str] = ()

    @property
    def model(self) -> Model:
        """The m and u."""
        return Model(self.parameters, self.notes)

    @property
    def digest(self) -> str:
        """A name for exactly these numbers."""
        return sha256(_text(self).encode()).hexdigest()[:16]


def read_trained(path: Path) -> Trained | None:
    """The model in that file; None where there is none of this version, so that it is learnt anew after an upgrade.

    Raises DataRefused for one that cannot be used.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["version"] != MODEL_VERSION:
            return None
        content["trained_on"] = date.fromisoformat(content["trained_on"])
        content["parameters"] = {
            name: [(float(m), float(u)) for m, u in values] for name, values in content["parameters"].items()
        }
        content["notes"] = tuple(content["notes"])
        found = Trained(**content)
        faults = list(doubts(found))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise DataRefused(
            f"{path} is no trained model. Train again with `flask train DIR`, or remove the file."
        ) from None
    if faults:
        raise DataRefused(
            f"{path} is not used: {'; '.join(faults)}. Train again with `flask train DIR`, or remove the file."
        )
    return found


def write_trained(path: Path, trained: Trained) -> None:
    """Put a model in that file, whole or not at all, for its owner only. Raises DataRefused for one nobody may use."""
    if faults := list(doubts(trained)):
        raise DataRefused(f"What was learnt is not used: {'; '.join(faults)}. The model before it stays.")
    aside = path.with_suffix(".tmp")
    with owner_only_files():
        aside.write_text(_text(trained), encoding="utf-8")
        aside.chmod(0o600)
    aside.replace(path)


def doubts(trained: Trained) -> Iterable[str]:
    """Why a model cannot be believed; nothing where it can."""
    if trained.version != MODEL_VERSION:
        yield f"it is of version {trained.version} and this program compares as version {MODEL_VERSION}"
        return
    if not 0 < trained.prior < 0.5:
        yield "its prior is not between 0 and 0.5"
    for each in COMPARISONS:
        values = trained.parameters.get(each.name, ())
        if len(values) != len(each.levels):
            yield f"{each.name} has {len(values)} levels and not {len(each.levels)}"
        elif not all(0 < number <= 1 for pair in values for number in pair):
            yield f"{each.name} has an m or u that is no probability"
        elif not each.fixed and not credible(values):
            yield f"its m and u of {each.name} are not credible"


def _text(trained: Trained) -> str:
    content: dict[str, Any] = {**asdict(trained), "trained_on": trained.trained_on.isoformat()}
    return json.dumps(content, indent=1, sort_keys=True)
