"""The guards of linking as rules over pairs: what is not asked of them is what they would have said nothing of."""

from datetime import date
from itertools import product
from typing import Any

import pyarrow as pa

from loaders.linkage.candidates import pairs_sql
from loaders.linkage.guards import ABOVE_SUSPICION, guard_sql
from loaders.linkage.prepare import prepare
from loaders.linkage.score import Scorer, scorer
from loaders.linkage.settings import GUARDED
from loaders.tables import ADDRESS, PERSON

# Every value a guard looks at, in every combination: each two records are a pair.
FIELDS: dict[str, tuple[object, ...]] = {
    "forename": ("Mohammed", "Tom", None),
    "middle_names": ("Yusuf", "Ali"),
    "dob": (date(2012, 4, 3), date(2012, 1, 1), date(1984, 4, 3), None),
    "nhs_number": ("9990001235", "9990001243", None),
    "birth_order": (1, 2),
    "adopted": (True, False),
    "home": ("A", None),
}


def every_pair(asked: Scorer) -> None:
    """Make `asked` of every two records."""
    asked.db.execute(
        "CREATE OR REPLACE TABLE asked AS SELECT l.uid AS uid_l, r.uid AS uid_r"
        " FROM features l JOIN features r ON l.uid < r.uid"
    )


def features() -> pa.Table:
    """A record for each combination, all of one surname; an id on so many people would else be taken for none."""
    rows: list[dict[str, Any]] = [
        dict(zip(FIELDS, values, strict=True)) | {"source": "mosaic", "record_id": f"{number:04}", "surname": "Reed"}
        for number, values in enumerate(product(*FIELDS.values()))
    ]
    people = pa.Table.from_pylist(rows, schema=PERSON.schema)
    homes = [{**row, "text": "2 Mill Lane", "postcode": "AA1 1AA"} for row in rows if row["home"]]
    made = prepare(people, pa.Table.from_pylist(homes, schema=ADDRESS.schema))
    return made.set_column(made.column_names.index("nhs"), "nhs", people["nhs_number"])


def test_no_guard_stops_a_pair_that_is_not_asked_of_them() -> None:
    with scorer(features()) as asked:
        every_pair(asked)
        found = asked.db.execute(
            f"SELECT {ABOVE_SUSPICION} AS above, {guard_sql(asked.own_ids)} AS guard, count(*)"
            f" FROM ({pairs_sql(asked.db, 'asked')}) GROUP BY ALL"
        ).fetchall()
    stopped = {guard for above, guard, _ in found if above and guard}
    assert not stopped
    assert {guard for _, guard, _ in found} == {"", *GUARDED}
    assert sum(pairs for above, _, pairs in found if above) > 100
