"""Every error page: one handler, one template, a reference id, and never a value from a person's record.

While an error page is being made nothing outside is asked (no graph, no sources): the fail-safe flag says so.
"""

import secrets
from http import HTTPStatus
from types import TracebackType

import structlog
from flask import Flask, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from graph.errors import ExplorerError, NotFound
from web.headers import plain_page

log = structlog.get_logger("web")

WORDS: dict[int, tuple[str, str]] = {
    400: ("This request could not be understood", "Go back and try again."),
    401: ("You need to sign in", "Sign in, then try again."),
    403: ("You cannot do this", "Your role does not allow it. Ask your manager if you think it should."),
    404: (
        "Page not found",
        "There is no such page, or it is not for you. If somebody is missing, they must be linked in the case "
        "management system first.",
    ),
    405: ("This page cannot be used that way", "Go to the search page and start again."),
    413: ("What you sent is too long", "Shorten it and try again."),
    429: ("Too many attempts", "Wait a quarter of an hour, then try again."),
    500: ("Something went wrong", "The fault has been logged. Try again; if it happens again, tell your support desk."),
    503: ("This service is not available at the moment", "Nothing is lost. Try again in a few minutes."),
}
"""Heading and advice for each status an error page may have."""

STALE_FORM = (
    "This page was open too long",
    "For safety a form works only for a while. Go back, load the page again and try again.",
)


def not_found() -> ResponseReturnValue:
    """The one page for a person unknown, hidden, or not for this viewer: always the same bytes."""
    return error_page(404)


def error_page(status: int, words: tuple[str, str] | None = None, reference: str = "") -> Response:
    """A plain page (or JSON, where JSON was asked for) that says what to do next and nothing else."""
    g.fail_safe = True
    heading, advice = words or WORDS.get(status) or WORDS[500 if status >= 500 else 400]
    if request.path.endswith(".json") or request.path == "/healthz":
        return make_response(jsonify(error=heading, advice=advice, reference=reference), status)
    page = render_template("error.html", heading=heading, advice=advice, reference=reference, status=status)
    return make_response(page, status)


def register_errors(app: Flask) -> None:
    """Answer every exception with a page of ours."""
    # Flask's own would print the exception's text, which may hold what somebody typed.
    app.log_exception = _log_place_only  # type: ignore[method-assign]
    app.register_error_handler(SecurityError, _other_host)
    app.register_error_handler(CSRFError, lambda error: error_page(400, STALE_FORM))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(ExplorerError, _known)
    app.register_error_handler(Exception, _unknown)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    return error_page(error.code)


def _other_host(error: SecurityError) -> Response:
    """Nothing on our pages can be addressed under a name that is not ours: no template."""
    status, headers, body = plain_page(HTTPStatus.BAD_REQUEST, *WORDS[400])
    return Response(body, status, headers)


def _log_place_only(
    exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None],
) -> None:
    if exc_info[1] is not None:
        _logged(exc_info[1], 500)


def _known(error: ExplorerError) -> ResponseReturnValue:
    if isinstance(error, NotFound):
        return not_found()
    reference = _logged(error, error.status)
    return error_page(error.status, reference=reference)


def _unknown(error: Exception) -> ResponseReturnValue:
    return error_page(500, reference=_logged(error, 500))


def _logged(error: BaseException, status: int) -> str:
    """Log where an error arose, never its text (an engine's text may carry data), and give its reference."""
    reference = secrets.token_hex(4)
    trail = error.__traceback__
    while trail is not None and trail.tb_next is not None:
        trail = trail.tb_next
    where = f"{trail.tb_frame.f_globals.get('__name__')}:{trail.tb_lineno}" if trail is not None else ""
    log.error(
        "request failed",
        reference=reference,
        error=type(error).__name__,
        where=where,
        status=status,
        endpoint=request.endpoint,
    )
    return reference
