"""Tables of codes: a code, the words that explain it, or either with "service" behind it; nothing else is placed."""

from pathlib import Path

import pytest

from loaders.codes import code_table, look_up, placed
from loaders.context import Row, RowRejected
from loaders.source import HERE

TABLE = """code,service_id,kind,mark
CAMHS,camhs,Child and adolescent mental health,SPEC
HV,health_visiting,Health visiting,SPEC
Children's centre,centres,Children's centre,SPEC
CIN,csc,Child in need,SPEC
FP,csc,Child in need,ASSUMPTION
A1,csc,Assessment,SPEC
A2,adult,Assessment,SPEC
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "types.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("hv", "HV"),
        ("Health Visiting", "HV"),
        ("health-visiting service", "HV"),
        ("CAMHS Team", "CAMHS"),
        ("childrens centre", "Children's centre"),
        ("children\u2019s  Centre", "Children's centre"),
        ("Child in Need Plan", "CIN"),
        ("Assessment", None),
        ("Team", None),
        ("Health", None),
        ("CAMHS waiting list", None),
        ("", None),
    ],
)
def test_a_code_may_be_written_in_its_words(table: Path, said: str, code: str | None) -> None:
    found = look_up(table, said)
    assert (found["code"] if found else None) == code


def test_words_that_a_table_does_not_know_put_the_row_aside_and_are_not_repeated(table: Path) -> None:
    with pytest.raises(RowRejected) as refusal:
        placed(table, Row(service="Zed clinic"), "service")
    assert refusal.value.column == "service"
    assert "Zed" not in refusal.value.reason


@pytest.mark.parametrize("path", sorted(HERE.glob("*/*.csv")), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_code_of_every_table_means_itself(path: Path) -> None:
    for code, row in code_table(path).items():
        assert look_up(path, code) == row
