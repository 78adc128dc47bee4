"""The web's commands: `flask serve` and `flask audit verify`."""

import click
from flask import current_app
from flask.cli import with_appcontext

from graph.errors import ExplorerError
from web.audit_check import verify
from web.viewer import web_settings


@click.command("serve")
@with_appcontext
def serve_command() -> None:
    """Serve the pages until Ctrl-C, the embedded engine included.

    Exit codes: 2 nothing published or a setting that cannot be used, 69 engine down, 75 port or data folder taken.
    """
    from web.server import serve

    try:
        serve(current_app._get_current_object(), web_settings())  # type: ignore[attr-defined]
    except ExplorerError as error:
        click.echo(error.message, err=True)
        raise SystemExit(error.exit_code) from None


@click.group("audit")
def audit_group() -> None:
    """Work on the audit log."""


@audit_group.command("verify")
@with_appcontext
def verify_command() -> None:
    """Check the audit log end to end. Exit 0, or 1 and the first bad record."""
    checked = verify(web_settings().data / "audit")
    if checked.fault:
        click.echo(checked.fault)
        raise SystemExit(1)
    click.echo(f"{checked.records} records in {checked.segments} files: no fault found.")


commands: tuple[click.Command, ...] = (serve_command, audit_group)
