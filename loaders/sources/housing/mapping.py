"""NEC Housing extracts to standard rows, split by job: places and tenancies, people, and what happened to them."""

from loaders.sources.housing.facts import arrears_actions, asb_cases, housing_benefit
from loaders.sources.housing.people import finish, people
from loaders.sources.housing.services import homelessness, housing_support
from loaders.sources.housing.tenancies import addresses, contacts, tenancies

__all__ = [
    "addresses",
    "arrears_actions",
    "asb_cases",
    "contacts",
    "finish",
    "homelessness",
    "housing_benefit",
    "housing_support",
    "people",
    "tenancies",
]
