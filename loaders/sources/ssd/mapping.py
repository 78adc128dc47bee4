"""The Standard Safeguarding Dataset (SSD) to standard rows, each table by the module named after its job.

SSD holds clients only, no restriction flags and no relationships but "mother": `people_all` and `relationships` bring
what it lacks. Case notes and the JSON of outcomes are never read; nor is what ties an adopted child's two lives.
"""

from collections.abc import Iterator

from loaders.context import Context, StandardRow
from loaders.sources.ssd import care, kin, people, send
from loaders.sources.ssd.addresses import ssd_address
from loaders.sources.ssd.care import (
    ssd_care_leavers,
    ssd_cla_episodes,
    ssd_cla_placement,
    ssd_legal_status,
)
from loaders.sources.ssd.happenings import ssd_contacts, ssd_missing
from loaders.sources.ssd.involvements import (
    ssd_cin_episodes,
    ssd_department,
    ssd_early_help_episodes,
    ssd_involvements,
    ssd_professionals,
)
from loaders.sources.ssd.kin import relationships, ssd_family, ssd_mother
from loaders.sources.ssd.people import people_all, ssd_linked_identifiers, ssd_person
from loaders.sources.ssd.plans import ssd_assessment_factors, ssd_cin_assessments, ssd_cin_plans, ssd_cp_plans
from loaders.sources.ssd.send import (
    ssd_ehcp_active_plans,
    ssd_ehcp_assessment,
    ssd_ehcp_named_plan,
    ssd_ehcp_requests,
    ssd_sen_need,
    ssd_send,
)


def finish(context: Context) -> Iterator[tuple[str, StandardRow]]:
    """What only all files together say: clients whom nobody cleared, family groups, orders and plans by themselves."""
    yield from people.finish(context)
    yield from kin.finish(context)
    yield from care.finish(context)
    yield from send.finish(context)


__all__ = [
    "finish",
    "people_all",
    "relationships",
    "ssd_address",
    "ssd_assessment_factors",
    "ssd_care_leavers",
    "ssd_cin_assessments",
    "ssd_cin_episodes",
    "ssd_cin_plans",
    "ssd_cla_episodes",
    "ssd_cla_placement",
    "ssd_contacts",
    "ssd_cp_plans",
    "ssd_department",
    "ssd_early_help_episodes",
    "ssd_ehcp_active_plans",
    "ssd_ehcp_assessment",
    "ssd_ehcp_named_plan",
    "ssd_ehcp_requests",
    "ssd_family",
    "ssd_involvements",
    "ssd_legal_status",
    "ssd_linked_identifiers",
    "ssd_missing",
    "ssd_mother",
    "ssd_person",
    "ssd_professionals",
    "ssd_sen_need",
    "ssd_send",
]
