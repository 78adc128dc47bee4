"""What a family page costs the server, audit included, beside the same Cypher put straight to the engine; and what a
page weighs.

Pages are asked for inside this process: no network, no browser.
"""

import gzip
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import neo4j
from flask import Flask

import web
from graph.bolt import Rows, Store
from graph.classes import VisibilityClass
from graph.embedded import attached_or_started, published_address
from graph.live import LiveGraphs
from graph.settings import Settings
from queries.catalogue import ask, catalogue
from tests.bench.council import Council
from tests.bench.table import Row, milliseconds, percentile
from tests.client import Client
from web.demo import prepare_demo

WORKERS = ["90001", "90002"]
ROUNDS = 10
PAGES = ("", "/family", "/services")
STATIC = re.compile(r'(?:href|src)="(/static/[^"]+)"')

Question = tuple[str, str, Mapping[str, object]]


def measure(council: Council) -> Iterator[Row]:
    """Server time of the family page and weight of each page, for the children of two caseloads."""
    settings = Settings(_env_file=None, data=council.data, demo=True)
    with attached_or_started(council.data, settings.engine_heap_mb):
        live = LiveGraphs(settings)
        reader = live.reader(VisibilityClass.STANDARD)
        reader.rows(catalogue()["caseload_sizes"].text, {"sources": []}, seconds=60, rows=10)  # a cold engine is slow
        prepare_demo(settings, live)
        children = ask(reader, "caseload", worker_ids=WORKERS, sources=["mosaic"])
        ids = sorted({str(row["person_id"]) for row in children})
        app = Flask("web")
        web.register(app, settings)
        client = Client(app)
        client.sign_in("manager")
        yield from times(council, client, ids)
        yield from weights(council, client, ids)
        live.close()


def times(council: Council, client: Client, ids: list[str]) -> Iterator[Row]:
    """The family page against its own questions asked raw, and the audit's fsync alone."""
    paths = [f"/person/{person}/family" for person in ids]
    questions = {path: asked(client, path) for path in paths}
    whole, raw = [], []
    with raw_driver(council.data) as driver:
        for round_number in range(ROUNDS + 1):
            for path in paths:  # side by side, so that a busy machine slows both alike
                took = timed(partial(page, client, path)), timed(partial(put_all, driver, questions[path]))
                if round_number:  # the first only warms
                    whole.append(took[0])
                    raw.append(took[1])
    sync = [synced(council.data / "audit") for _ in range(200)]
    size = f"{council.people:,} people"
    allowed = 1.5 * percentile(raw, 0.95) + percentile(sync, 0.95)
    yield Row(f"{size}: family page, server time with audit", milliseconds(whole), f"p95 {allowed * 1000:.1f} ms")
    yield Row(
        f"{size}: the same Cypher, raw ({sum(map(len, questions.values())) / len(paths):.1f} queries a page)",
        milliseconds(raw),
    )
    yield Row(f"{size}: the audit's fsync alone", milliseconds(sync))


def page(client: Client, path: str) -> bytes:
    """The bytes of a page that must be there."""
    response = client.raw("GET", path)
    assert response.status_code == 200, f"{path}: {response.status}"
    return response.get_data()


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@contextmanager
def recorded() -> Iterator[list[Question]]:
    """Every question put to the store while the block lasts."""
    questions: list[Question] = []
    read = Store.read

    def listening(self: Store, database: str, text: str, parameters: Mapping[str, object], **limits: Any) -> Rows:
        questions.append((database, text, parameters))
        return read(self, database, text, parameters, **limits)

    Store.read = listening  # type: ignore[method-assign]
    try:
        yield questions
    finally:
        Store.read = read  # type: ignore[method-assign]


def asked(client: Client, path: str) -> list[Question]:
    """The questions that a page puts to the store."""
    with recorded() as questions:
        page(client, path)
    return questions


@contextmanager
def raw_driver(data: Path) -> Iterator[neo4j.Driver]:
    """The driver and nothing of ours, as the reader that a page is."""
    address = published_address(data)
    assert address is not None
    reader = address.readers[VisibilityClass.STANDARD]
    with neo4j.GraphDatabase.driver(address.bolt_url, auth=(reader.user, reader.password)) as driver:
        yield driver


def put_all(driver: neo4j.Driver, questions: list[Question]) -> None:
    """Put the questions of a page one after the other and read every row."""
    with driver.session(database=questions[0][0], default_access_mode="READ") as session:
        for _, text, given in questions:
            session.run(neo4j.Query(text), dict(given)).data()


def synced(folder: Path) -> float:
    """Seconds to append a record to a file and have it on the disk, as the audit does."""
    probe = folder / "fsync-probe"
    with probe.open("ab") as file:
        file.write(b"x" * 400)
        file.flush()
        seconds = timed(lambda: os.fsync(file.fileno()))
    probe.unlink()
    return seconds


def weights(council: Council, client: Client, ids: list[str]) -> Iterator[Row]:
    """Bytes of each kind of page over the children, and of the files it brings the first time."""
    for kind in PAGES:
        bodies = [page(client, f"/person/{person}{kind}") for person in ids]
        packed = [len(gzip.compress(body)) for body in bodies]
        static = sorted({path for body in bodies for path in STATIC.findall(body.decode())})
        first = sum(len(page(client, path)) for path in static)
        yield Row(
            f"{council.people:,} people: weight of /person/…{kind}",
            f"p95 {percentile([len(body) for body in bodies], 0.95) / 1024:.0f} KiB "
            f"({percentile(packed, 0.95) / 1024:.0f} KiB gzipped), {len(static)} files once {first / 1024:.0f} KiB",
        )
