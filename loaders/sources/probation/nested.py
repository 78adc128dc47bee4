"""The nested fields of an nDelius record, as its interface writes them (JSON) or as a council has flattened them.

A manager is read only as far as who they are and where they work: why they were allocated is never read.
"""

import json
from datetime import date
from typing import Any, NamedTuple

from loaders.clean import dates
from loaders.clean.names import clean_name, split_aliases
from loaders.context import flag, text


class Manager(NamedTuple):
    """A probation practitioner for a time. Everything may be missing."""

    name: str | None = None
    team: str | None = None
    area: str | None = None
    phone: str | None = None
    email: str | None = None
    start: date | None = None
    end: date | None = None
    active: bool = True


def read_aliases(said: str) -> list[str]:
    """Other names: a list of names as JSON, or names with a semicolon between."""
    listed = _listed(said)
    if listed is None:
        return split_aliases(said)
    return [name for one in listed if isinstance(one, dict) and (name := _name(one, "firstName", "surname"))]


def read_managers(said: str, as_at: date) -> tuple[list[Manager], bool]:
    """(managers, whether some could not be read). A name alone is a manager too; who has not begun yet is left out."""
    listed = _listed(said)
    if listed is None:
        name = clean_name(said)
        return ([Manager(name)] if name else []), False
    managers = [manager for one in listed if isinstance(one, dict) and (manager := _manager(one, as_at))]
    return managers, any(not isinstance(one, dict) for one in listed)


def _listed(said: str) -> list[Any] | None:
    if not said.lstrip().startswith("["):
        return None
    try:
        found = json.loads(said)
    except (ValueError, RecursionError):
        return [None]
    return found if isinstance(found, list) else [None]


def _manager(one: dict[str, Any], as_at: date) -> Manager | None:
    staff, team = _part(one, "staff") or _part(one, "trustOfficer"), _part(one, "team")
    start, end = _day(one.get("fromDate")), _day(one.get("toDate"))
    if flag(str(one.get("softDeleted", ""))) or (start is not None and start > as_at):
        return None
    unallocated = flag(str(staff.get("unallocated", ""))) or flag(str(one.get("isUnallocated", "")))
    return Manager(
        name=None if unallocated else _name(staff, "forenames", "surname"),
        team=_text(team.get("description")),
        area=_text(_part(one, "probationArea").get("description")) or _text(one.get("partitionArea")),
        phone=_text(staff.get("phoneNumber")) or _text(team.get("telephone")),
        email=_text(staff.get("email")) or _text(team.get("emailAddress")),
        start=start,
        end=end,
        active=flag(str(one.get("active", "true"))) is not False,
    )


def _part(one: dict[str, Any], key: str) -> dict[str, Any]:
    found = one.get(key)
    return found if isinstance(found, dict) else {}


def _name(one: dict[str, Any], first: str, last: str) -> str | None:
    return clean_name(" ".join(filter(None, (_text(one.get(first)), _text(one.get(last))))))


def _text(said: object) -> str | None:
    return text(str(said)) if isinstance(said, str | int) else None


def _day(said: object) -> date | None:
    try:
        return dates.parse_date(str(said or ""))
    except dates.BadDate:
        return None
