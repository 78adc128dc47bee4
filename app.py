"""The application factory and the command-line group: wiring only."""

from importlib import import_module
from importlib.util import find_spec

import click
from flask import Flask

import web
from graph.errors import ExplorerError
from graph.settings import Settings, load_settings

COMMANDS = (
    "loaders.commands",
    "loaders.council.commands",
    "loaders.linkage.commands",
    "loaders.refresh.commands",
    "queries.commands",
    "web.commands",
)
"""Modules that bring commands: each has `commands`, a tuple of click commands and groups."""


def create_app(settings: Settings | None = None) -> Flask:
    """The explorer. Without settings, the environment's: if they are wrong, the process ends in plain words."""
    if settings is not None:
        return _made(settings)
    try:
        return _made(load_settings())
    except ExplorerError as error:
        click.echo(error.message, err=True)
        raise SystemExit(error.exit_code) from None


def _made(settings: Settings) -> Flask:
    app = Flask("web")
    web.register(app, settings)
    for name in COMMANDS:
        if find_spec(name):
            for command in getattr(import_module(name), "commands", ()):
                app.cli.add_command(command)
    return app
