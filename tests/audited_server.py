"""A web server to be killed: `python -m tests.audited_server DATA MODE`. It prints its port and serves.

MODE `ahead` is the application as it is; `after` writes the audit after the page has left, which tests must catch.
"""

import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

import web
from tests.published import settings
from web.audit import AuditGate


class Quiet(WSGIRequestHandler):
    """Says nothing of what it answers."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        return


class AfterGate(AuditGate):
    """The mistake: the page leaves, then the record is written."""

    def _written(self, content: dict[str, Any]) -> bool:
        later = threading.Thread(target=self._later, args=(content,), daemon=True)
        later.start()
        return True

    def _later(self, content: dict[str, Any]) -> None:
        time.sleep(0.02)
        super()._written(content)


def application(data: Path, mode: str) -> Flask:
    """The application on a published data folder, with its audit ahead of the page or after it."""
    app = Flask("web")
    if mode == "after":
        inner = app.wsgi_app
        web.register(app, settings(data=data, demo=True))
        app.wsgi_app = AfterGate(inner, app.extensions["fnx_audit"])  # type: ignore[method-assign]
    else:
        web.register(app, settings(data=data, demo=True))
    return app


def main(arguments: Iterable[str]) -> None:
    """Serve until killed."""
    data, mode = arguments
    server = make_server("127.0.0.1", 0, application(Path(data), mode), threaded=True, request_handler=Quiet)
    sys.stdout.write(f"{server.port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1:])
