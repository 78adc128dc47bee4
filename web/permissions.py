"""Who may do what: permissions as an enum, roles as described sets, and the rule each route carries.

A route without a rule is refused (deny by default). Whom a role may see is decided by its visibility class and its
caseload (`web.viewer`), never here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from graph.classes import VisibilityClass

View = TypeVar("View", bound=Callable[..., Any])


class Permission(StrEnum):
    """What a signed-in person may do; the value finishes the sentence "may ..."."""

    SEARCH = "search for people"
    OPEN_PERSON = "open a person's record and family"
    REVIEW = "decide whether two records are of one person"


class Access(StrEnum):
    """Routes that need no permission of their own."""

    ANYONE = "anyone, signed in or not"
    SIGNED_IN = "anybody signed in"


@dataclass(frozen=True, slots=True)
class Role:
    """A described set of permissions, and the graph its holder opens."""

    name: str
    title: str
    description: str
    visibility: VisibilityClass
    permissions: frozenset[Permission]


_CASEWORK = frozenset({Permission.SEARCH, Permission.OPEN_PERSON})
_DESK = _CASEWORK | {Permission.REVIEW}

ROLES: dict[str, Role] = {
    role.name: role
    for role in (
        Role(
            "social_worker",
            "Social worker",
            "Works with the children on their own caseload.",
            VisibilityClass.STANDARD,
            _CASEWORK,
        ),
        Role(
            "manager",
            "Team manager",
            "Sees the caseloads of the workers they manage.",
            VisibilityClass.STANDARD,
            _CASEWORK,
        ),
        Role(
            "steward",
            "Data steward",
            "Looks after the quality of the records. Holds no caseload.",
            VisibilityClass.STANDARD,
            _DESK,
        ),
        Role(
            "sensitive",
            "Essential staff",
            "Also sees sexual health, mental health and substance use services.",
            VisibilityClass.SENSITIVE,
            _CASEWORK,
        ),
        Role(
            "shield",
            "Shield desk",
            "Also sees people whose whereabouts are protected.",
            VisibilityClass.SHIELD,
            _DESK,
        ),
    )
}
"""Every role by name."""


def requires(rule: Permission | Access) -> Callable[[View], View]:
    """Mark a view with the rule it is guarded by."""

    def mark(view: View) -> View:
        view.access_rule = rule  # type: ignore[attr-defined]  # an attribute on a function: what Flask itself does
        return view

    return mark


def rule_of(view: Callable[..., Any]) -> Permission | Access | None:
    """The rule of a view, or None where it carries none and must be refused."""
    rule = getattr(view, "access_rule", None)
    return rule if isinstance(rule, Permission | Access) else None


def may(role_name: str, rule: Permission | Access) -> bool:
    """Whether a signed-in person of that role passes the rule. An unknown role passes nothing."""
    role = ROLES.get(role_name)
    return role is not None and (isinstance(rule, Access) or rule in role.permissions)
