"""The security headers every response carries, exactly; only our own files may be kept by a browser.

The one inline script is the page template's own (GOV.UK Frontend 6.3.0), allowed by its hash.
"""

from http import HTTPStatus

from flask import Flask, request
from flask.wrappers import Response

TEMPLATE_SCRIPT = "'sha256-GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw='"

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        f"script-src 'self' {TEMPLATE_SCRIPT}",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
        "require-trusted-types-for 'script'",
    )
)

SECURITY_HEADERS: dict[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}

NO_STORE = "no-store"
FOR_EVER = "public, max-age=31536000, immutable"


def set_headers(response: Response) -> Response:
    """Put the headers on a response."""
    response.headers.update(SECURITY_HEADERS)
    if request.is_secure:
        response.headers.update(HTTPS_ONLY)
    response.headers["Cache-Control"] = FOR_EVER if _ours_for_ever(response) else NO_STORE
    return response


def _ours_for_ever(response: Response) -> bool:
    return request.endpoint == "static" and response.status_code in {200, 206, 304}


def plain_page(status: HTTPStatus, heading: str, advice: str) -> tuple[str, list[tuple[str, str]], bytes]:
    """Status, headers and body of a page made of nothing but these words: no template, no session, no name.

    The last resort, for when a page may not be shown or could not be made.
    """
    body = (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{heading}</title></head>'
        f"<body><main><h1>{heading}</h1><p>{advice}</p></main></body></html>"
    ).encode()
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", NO_STORE),
        *SECURITY_HEADERS.items(),
    ]
    return f"{status.value} {status.phrase.upper()}", headers, body


def register_headers(app: Flask) -> None:
    """Put the headers on every response of the application."""
    app.after_request(set_headers)
