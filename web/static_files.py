"""Our own files, sent compressed where the browser takes that. Each is compressed once per process and never changes.

Pages are not compressed: they hold form tokens beside what a user typed.
"""

import gzip
from functools import lru_cache
from pathlib import Path

from flask import current_app, request
from flask.wrappers import Response

from web.permissions import Access, requires

COMPRESSED = frozenset({".css", ".js", ".svg", ".txt"})


@requires(Access.ANYONE)
def static_file(filename: str) -> Response:
    """A file of ours. Raises 404 for a name that is none."""
    response = current_app.send_static_file(filename)
    response.vary.add("Accept-Encoding")
    path = Path(str(current_app.static_folder)) / filename
    if response.status_code != 200 or path.suffix not in COMPRESSED or not request.accept_encodings["gzip"]:
        return response
    response.close()
    response.direct_passthrough = False
    response.set_data(_compressed(path))
    response.headers["Content-Encoding"] = "gzip"
    response.set_etag(f"{response.get_etag()[0]}-gzip")
    return response


@lru_cache(maxsize=64)
def _compressed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 9, mtime=0)
