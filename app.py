"""The application factory and the command-line group: wiring only."""

from importlib import import_module
from importlib.util import find_spec

from flask import Flask

import web
from graph.settings import Settings, load_settings

COMMANDS = (
    "loaders.commands",
    "loaders.council.commands",
    "loaders.linkage.commands",
    "loaders.refresh.commands",
    "queries.commands",
    "web.commands",
)
"""Modules that bring commands: each has `commands`, a sequence of click commands and groups."""


def create_app(settings: Settings | None = None) -> Flask:
    """The explorer. Reads the settings from the environment where none are given."""
    settings = settings or load_settings()
    app = Flask("web")
    web.register(app, settings)
    for name in COMMANDS:
        if find_spec(name):
            for command in import_module(name).commands:
                app.cli.add_command(command)
    return app
