"""The application factory and the command-line group: wiring only."""

from importlib import import_module

import click
from flask import Flask
from flask.cli import AppGroup

import web
from graph.errors import ExplorerError
from graph.settings import Settings, load_settings

COMMANDS = {
    "ask": "queries.commands",
    "audit": "web.commands",
    "check": "loaders.commands",
    "generate": "loaders.council.commands",
    "link": "loaders.linkage.commands",
    "refresh": "loaders.refresh.commands",
    "serve": "web.commands",
    "train": "loaders.linkage.train",
}
"""Each command and the module whose `commands` holds it."""


class Commands(AppGroup):
    """The commands of every layer, each layer imported when a command of it is called.

    The server must not carry the loaders' engines through a fork: DuckDB ends such a process with an abort.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command's name, in order."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        module = COMMANDS.get(cmd_name)
        held = import_module(module).commands if module else ()
        return next((command for command in held if command.name == cmd_name), None)


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
    app.cli = Commands()
    web.register(app, settings)
    return app
