"""Every error this program raises on purpose: a safe sentence, a page status and an exit code.

A message says what is wrong, where, and what to do next. It must never hold a value from a person's record.
"""


class ExplorerError(Exception):
    """Something a user or operator can be told about in plain words.

    `status` is the HTTP status of the page that reports it, `exit_code` the command's exit (sysexits.h).
    """

    status = 500
    exit_code = 1

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class UsageError(ExplorerError):
    """A command or a query was called in a way it cannot be answered."""

    status = 400
    exit_code = 2


class DataRefused(ExplorerError):
    """Extracts that must not be published; the live graph stays as it was (EX_DATAERR)."""

    status = 422
    exit_code = 65


class EngineDown(ExplorerError):
    """The graph engine does not answer, or answers with a fault of its own (EX_UNAVAILABLE)."""

    status = 503
    exit_code = 69


class StorageFailed(ExplorerError):
    """A file could not be read or written (EX_IOERR)."""

    status = 503
    exit_code = 74


class AlreadyRunning(ExplorerError):
    """Another refresh or server holds the data folder (EX_TEMPFAIL)."""

    status = 503
    exit_code = 75


class QueryRefused(ExplorerError):
    """The engine refused a query: a mistake in it, or no permission for it."""

    status = 400
    exit_code = 2


class QueryTimedOut(ExplorerError):
    """A query ran past its time limit and was stopped."""

    status = 503
    exit_code = 69


class NotFound(ExplorerError):
    """Unknown, or not for this user: both get the same page."""

    status = 404
    exit_code = 1
