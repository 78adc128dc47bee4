"""The application's own log: one JSON line per event on standard error, made only of keys that are on a list.

A key that is not listed is dropped, so that a value from a person's record cannot be logged by mistake.
"""

import sys

import structlog
from structlog.typing import EventDict, WrappedLogger

ALLOWED = frozenset({"event", "level", "timestamp", "reference", "error", "where", "status", "endpoint"})
"""Fixed words, ids of our own making, and places in our own code."""


def only_allowed(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """The event without any key that is not on the list."""
    return {key: value for key, value in event.items() if key in ALLOWED}


def configure_logs() -> None:
    """Set the log up for this process."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
