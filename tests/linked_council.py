"""A small invented council as standard tables, and its first night of linking: made once for every test that asks."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from loaders.check import check
from loaders.linkage import Linked, link
from loaders.standard import read_standard
from loaders.tables import ADDRESS, PERSON
from tests.councils import extract

PEOPLE, SEED = 1_500, 5
Tables = tuple[pa.Table, pa.Table]


@cache
def tables() -> Tables:
    """Its people and addresses."""
    with TemporaryDirectory(prefix="council-") as work:
        found = check(extract(PEOPLE, SEED).folder, Path(work)).tables
        return read_standard(found["person"], PERSON), read_standard(found["address"], ADDRESS)


@cache
def first_night() -> Linked:
    """Its records linked for the first time, the model learnt from them."""
    return link(*tables())
