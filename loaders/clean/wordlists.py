"""The YAML tables beside this file, read strictly: what anyone may extend must fail where it is wrong, and say so.

Knows nothing of what a table means; never guesses what a bad entry might have meant.
"""

from collections.abc import Hashable, Iterator, Mapping
from importlib.resources import files
from typing import Any

import yaml

from graph.errors import UsageError

Table = Mapping[str, Any]


class BadTable(UsageError):
    """A YAML table of ours that cannot be used. The message names the file and the entry."""


class _StrictLoader(yaml.CSafeLoader):
    """YAML in which a key may stand only once: the second would silently replace the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [str(key.value) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.MarkedYAMLError(problem=f"'{key}' stands twice", problem_mark=node.start_mark)
        return super().construct_mapping(node, deep)


def parse(text: str, name: str) -> Table:
    """A table of a YAML text. Raises BadTable: not YAML, a key twice, not a table."""
    try:
        found = yaml.load(text, _StrictLoader)  # noqa: S506 - a safe loader, made stricter
    except yaml.MarkedYAMLError as fault:
        where = f" near line {fault.problem_mark.line + 1}" if fault.problem_mark else ""
        raise BadTable(f"{name} is not a proper YAML table{where}: {fault.problem}. Mend the line.") from None
    if not isinstance(found, dict) or not all(isinstance(key, str) for key in found):
        raise BadTable(f"{name} must hold named lists: put quotes round names that YAML reads as something else.")
    return found


def read(name: str) -> Table:
    """The table `<name>.yaml` of this folder. Raises BadTable."""
    filename = f"{name}.yaml"
    return parse(files("loaders.clean").joinpath(filename).read_text(encoding="utf-8"), f"loaders/clean/{filename}")


def part(table: Table, key: str, name: str) -> Any:
    """What stands under a key. Raises BadTable where nothing does."""
    if key not in table:
        raise BadTable(f"loaders/clean/{name}.yaml has no entry '{key}'. Add it.")
    return table[key]


def texts(value: object, where: str) -> tuple[str, ...]:
    """A list of different texts. Raises BadTable: YAML reads a bare no, yes, on, 1 or date as something else."""
    if not isinstance(value, list):
        raise BadTable(f"{where} must be a list.")
    for place, each in enumerate(value, start=1):
        if not isinstance(each, str):
            raise BadTable(f"{where}, entry {place} ({each!r}) is not a text: put it in quotes.")
        if value.index(each) != place - 1:
            raise BadTable(f"{where}, entry {place} ({each!r}) stands twice. Keep one.")
    return tuple(value)


def rows(value: object, where: str) -> Iterator[tuple[str, ...]]:
    """A list of lists of texts. Raises BadTable."""
    if not isinstance(value, list):
        raise BadTable(f"{where} must be a list of lists.")
    for place, each in enumerate(value, start=1):
        yield texts(each, f"{where}, line {place}")


def named(value: object, where: str) -> Iterator[tuple[str, Any]]:
    """The entries of a table within a table. Raises BadTable."""
    if not isinstance(value, dict):
        raise BadTable(f"{where} must be a table of names.")
    for key, inner in value.items():
        if not isinstance(key, str):
            raise BadTable(f"{where}: the name {key!r} is not a text: put it in quotes.")
        yield key, inner
