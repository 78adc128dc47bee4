"""The rest of the Standard Safeguarding Dataset: workers, involvements, referrals, plans, care, missing episodes."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from loaders.council.care_codes import ABUSE_WORDS, abuse, legal_code, need_codes, placement_code
from loaders.council.happenings import LEARNING_NEEDS
from loaders.council.model import PlanMade, Spell, Worker
from loaders.council.partner import Extract
from loaders.council.records import Record
from loaders.council.services import CASE, EARLY_HELP, service_table
from loaders.council.tables import Row, flag, iso, write_some

PROFESSIONALS = """
    prof_professional_id prof_staff_id prof_professional_name prof_social_worker_registration_no
    prof_agency_worker_flag prof_professional_job_title prof_professional_caseload prof_professional_department
    prof_full_time_equivalency
"""
INVOLVEMENTS = """
    invo_involvements_id invo_professional_id invo_professional_role_id invo_professional_team invo_person_id
    invo_involvement_start_date invo_involvement_end_date invo_worker_change_reason invo_referral_id
"""
REFERRALS = """
    cine_referral_id cine_person_id cine_referral_date cine_cin_primary_need_code cine_referral_source_code
    cine_referral_source_desc cine_referral_outcome_json cine_referral_nfa cine_close_reason cine_close_date
    cine_referral_team cine_referral_worker_id
"""
EARLY_HELPS = """
    earl_episode_id earl_person_id earl_episode_start_date earl_episode_end_date earl_episode_reason
    earl_episode_end_reason earl_episode_organisation earl_episode_worker_id
"""
ASSESSMENTS = """
    cina_assessment_id cina_person_id cina_referral_id cina_assessment_start_date cina_assessment_child_seen
    cina_assessment_auth_date cina_assessment_outcome_json cina_assessment_outcome_nfa cina_assessment_team
    cina_assessment_worker_id
"""
FACTORS = "cinf_table_id cinf_assessment_id cinf_assessment_factors_json"
NEED_PLANS = """
    cinp_cin_plan_id cinp_referral_id cinp_person_id cinp_cin_plan_start_date cinp_cin_plan_end_date
    cinp_cin_plan_team cinp_cin_plan_worker_id
"""
PROTECTION = """
    cppl_cp_plan_id cppl_referral_id cppl_icpc_id cppl_person_id cppl_cp_plan_start_date cppl_cp_plan_end_date
    cppl_cp_plan_ola cppl_cp_plan_initial_category cppl_cp_plan_latest_category
"""
LEGAL = "lega_legal_status_id lega_person_id lega_legal_status lega_legal_status_start_date lega_legal_status_end_date"
EPISODES = """
    clae_cla_episode_id clae_person_id clae_cla_placement_id clae_cla_episode_start_date clae_cla_episode_start_reason
    clae_cla_primary_need_code clae_cla_episode_ceased_date clae_cla_episode_ceased_reason clae_cla_id clae_referral_id
    clae_cla_last_iro_contact_date clae_entered_care_date
"""
PLACEMENTS = """
    clap_cla_placement_id clap_cla_id clap_person_id clap_cla_placement_start_date clap_cla_placement_type
    clap_cla_placement_urn clap_cla_placement_distance clap_cla_placement_provider clap_cla_placement_postcode
    clap_cla_placement_end_date clap_cla_placement_change_reason
"""
LEAVERS = """
    clea_table_id clea_person_id clea_care_leaver_eligibility clea_care_leaver_in_touch clea_care_leaver_latest_contact
    clea_care_leaver_accommodation clea_care_leaver_accom_suitable clea_care_leaver_activity
    clea_pathway_plan_review_date clea_care_leaver_personal_advisor clea_care_leaver_allocated_team
    clea_care_leaver_worker_id
"""
MISSING = """
    miss_table_id miss_person_id miss_missing_episode_start_date miss_missing_episode_type
    miss_missing_episode_end_date miss_missing_rhi_offered miss_missing_rhi_accepted
"""
CONTACTS = """
    cont_contact_id cont_person_id cont_contact_date cont_contact_source_code cont_contact_source_desc
    cont_contact_outcome_json
"""
_SOURCES = ("6", "6", "6", "2A", "2A", "3A", "3E", "1A", "5D", "8", "9")
"""Who refers, in about the proportions of the children in need census (police 28 percent, schools 21)."""

_CLOSED = ("RC7", "RC7", "RC8", "RC9")
_FACTORS = ("3B", "3A", "4B", "4A", "1B", "2B", "17A", "16A", "7A", "14A", "10A", "24A")
_SEND = ("SLCN", "ASD", "MLD", "SEMH", "SPLD", "SLD", "HI", "PD")
Clients = Sequence[Record]


def write_care(folder: Path, clients: Clients, extract: Extract) -> None:
    """Writes every table of what is done for clients; one that would be empty is left out."""
    held = [(record, plan) for record in clients for plan in record.person.plans]
    workers = {spell.worker.key: spell.worker for record in clients for spell in record.person.spells}
    workers |= {plan.worker.key: plan.worker for _, plan in held}
    teams = {worker.team: f"D{number}" for number, worker in enumerate(workers.values(), 1)}
    departments = "dept_team_id dept_team_name dept_team_parent_id dept_team_parent_name"
    write_some(folder / "ssd_department.csv", departments, [[key, name, "", ""] for name, key in teams.items()])
    write_some(folder / "ssd_professionals.csv", PROFESSIONALS, list(_professionals(workers.values())))
    write_some(folder / "ssd_involvements.csv", INVOLVEMENTS, list(_involvements(clients, teams, extract)))
    _write_referrals(folder, clients, teams, extract)
    _write_plans(folder, held, teams, extract)
    _write_care(folder, [(record, plan) for record, plan in held if plan.kind in ("care", "pathway")], teams)
    write_some(folder / "ssd_missing.csv", MISSING, list(_missing(clients, extract)))
    _write_send(folder, [(record, plan) for record, plan in held if plan.kind == "EHC"])


def _professionals(workers: Iterable[Worker]) -> Iterator[Row]:
    """Workers, but for one in fifty, who left before the script ran; and the one who stands for nobody."""
    yield ["9999999", "unknown", "Unknown", "", "", "", "", "", ""]
    for worker in workers:
        if int(worker.key) % 50:
            department = worker.organisation if worker.team == "School" else worker.team
            yield [worker.key, f"S{worker.key}", worker.name, "", "N", worker.role, "", department, "1.0"]


def _referral(record: Record, spell: Spell) -> str:
    """The id of the referral that a spell of case work belongs to."""
    return f"R{record.record_id}-{spell.start.toordinal()}"


def _involvements(clients: Clients, teams: dict[str, str], extract: Extract) -> Iterator[Row]:
    codes = {service["mosaic"]: service["lcs"] for service in service_table()}
    number, dice = 0, extract.dice
    for record in clients:
        for spell in record.person.spells:
            code = codes[spell.kind]
            if not code:
                continue
            number += 1
            case = spell.kind == CASE
            worker = dice.pick(("", "unknown", "-1")) if dice.chance(extract.rates["no_worker"]) else spell.worker.key
            change = dice.pick(("MANAGE", "LEFTRL", "TSPROC", "OTHERS")) if case and spell.end else ""
            yield [
                f"I{number}", worker, code, teams[spell.worker.team], record.record_id, iso(spell.start),
                iso(spell.end), change, _referral(record, spell) if case else "",
            ]  # fmt: skip


def _write_referrals(folder: Path, clients: Clients, teams: dict[str, str], extract: Extract) -> None:
    """A referral and a contact for each spell of case work; an episode for each spell of early help."""
    referrals, contacts, episodes, dice = list[Row](), list[Row](), list[Row](), extract.dice
    for record in clients:
        for spell in record.person.spells:
            if spell.kind == CASE:
                source = dice.pick(_SOURCES)
                referrals.append(_referred(record, spell, source, teams, extract))
                number = f"C{len(contacts) + 1}"
                contacts.append([number, record.record_id, iso(spell.start), source, "", ""])
            elif spell.kind == EARLY_HELP:
                needs = next((plan.needs for plan in record.person.plans if plan.start == spell.start), ())
                reason = needs[0] if needs else ""
                episodes.append(
                    [
                        f"EH{len(episodes) + 1}", record.record_id, iso(spell.start), iso(spell.end), reason,
                        spell.reason, spell.worker.team, spell.worker.key,
                    ]
                )  # fmt: skip
    write_some(folder / "ssd_cin_episodes.csv", REFERRALS, _once(referrals))
    write_some(folder / "ssd_contacts.csv", CONTACTS, contacts)
    write_some(folder / "ssd_early_help_episodes.csv", EARLY_HELPS, episodes)


def _once(rows: list[Row]) -> list[Row]:
    """One row for each id: two spells of case work may begin on one day."""
    return list({row[0]: row for row in rows}.values())


def _referred(record: Record, spell: Spell, source: str, teams: dict[str, str], extract: Extract) -> Row:
    person, dice = record.person, extract.dice
    needs = next((plan.needs for plan in person.plans if plan.kind == "assessment" and plan.needs), ())
    need = need_codes(needs[:1]) or "N0"
    reason = ("RC1" if person.superseded else dice.pick(_CLOSED)) if spell.end else ""
    return [
        _referral(record, spell), record.record_id, iso(spell.start), need, source, "", "", flag(reason == "RC8"),
        reason, iso(spell.end), teams[spell.worker.team], spell.worker.key,
    ]  # fmt: skip


def _write_plans(
    folder: Path, held: Sequence[tuple[Record, PlanMade]], teams: dict[str, str], extract: Extract
) -> None:
    assessments, factors, needs, protection = list[Row](), list[Row](), list[Row](), list[Row]()
    for number, (record, plan) in enumerate(held, 1):
        days, team, worker = [iso(plan.start), iso(plan.end)], teams[plan.worker.team], plan.worker.key
        who = record.record_id
        if plan.kind == "assessment":
            assessments.append([f"AS{number}", who, "", days[0], "Y", days[1], "", "N", team, worker])
            factors.append([f"CF{number}", f"AS{number}", _factors(extract)])
        elif plan.kind == "child in need":
            needs.append([f"CN{number}", "", who, *days, team, worker])
        elif plan.kind == "child protection":
            words = ABUSE_WORDS[abuse(record.person)]
            protection.append([f"CP{number}", "", "", who, *days, "N", words, words])
    write_some(folder / "ssd_cin_assessments.csv", ASSESSMENTS, assessments)
    write_some(folder / "ssd_assessment_factors.csv", FACTORS, factors)
    write_some(folder / "ssd_cin_plans.csv", NEED_PLANS, needs)
    write_some(folder / "ssd_cp_plans.csv", PROTECTION, protection)


def _factors(extract: Extract) -> str:
    """The factors of an assessment as a JSON list; one in ten says none."""
    dice = extract.dice
    found = dice.shuffled(_FACTORS)[: dice.whole(1, 4)] if dice.chance(0.9) else ["21"]
    return "[" + ", ".join(f'"{code}"' for code in found) + "]"


def _write_care(folder: Path, held: Sequence[tuple[Record, PlanMade]], teams: dict[str, str]) -> None:
    """An episode, a placement and a legal status for each plan of care; a care leaver for each pathway plan."""
    episodes, placements, legal, leavers = list[Row](), list[Row](), list[Row](), list[Row]()
    for number, (record, plan) in enumerate(held, 1):
        who, start, end = record.record_id, iso(plan.start), iso(plan.end)
        ceased = ("E11" if record.person.superseded else "E4A") if plan.end else ""
        period = f"CLA{record.record_id}"
        episodes.append(
            [
                f"E{number}",
                who,
                f"PL{number}",
                start,
                "S",
                need_codes(plan.needs[:1]),
                end,
                ceased,
                period,
                "",
                "",
                start,
            ]
        )
        placements.append([f"PL{number}", period, who, start, placement_code(plan), "", "", "PR1", "", end, ""])
        legal.append([f"LS{number}", who, legal_code(plan), start, end])
        if plan.kind == "pathway":
            worker, team = plan.worker.key, teams[plan.worker.team]
            leavers.append([f"CL{number}", who, "Eligible", "YES", "", "", "", "", start, "", team, worker])
    write_some(folder / "ssd_cla_episodes.csv", EPISODES, episodes)
    write_some(folder / "ssd_cla_placement.csv", PLACEMENTS, placements)
    write_some(folder / "ssd_legal_status.csv", LEGAL, legal)
    write_some(folder / "ssd_care_leavers.csv", LEAVERS, leavers)


def _missing(clients: Clients, extract: Extract) -> Iterator[Row]:
    number, dice = 0, extract.dice
    for record in clients:
        for one in record.person.happenings:
            if one.kind == "missing episode":
                number += 1
                kind = "Missing" if one.detail == "Missing" else "Away"
                offered = dice.chance(0.85)
                accepted = flag(dice.chance(0.7)) if offered else "NA"
                yield [f"MI{number}", record.record_id, iso(one.on), kind, iso(one.until), flag(offered), accepted]


def _write_send(folder: Path, held: Sequence[tuple[Record, PlanMade]]) -> None:
    """The chain of tables from the child to the plan, the first with the placeholder row that the script writes."""
    send: list[Row] = [["PLACEHOLDER_DATA", "PLACEHOLDER_DATA", "", "", ""]]
    requests, assessments, named, active, needs = list[Row](), list[Row](), list[Row](), list[Row](), list[Row]()
    for number, (record, plan) in enumerate(held, 1):
        asked, decided = _before(plan.start, 140), _before(plan.start, 20)
        send.append([f"S{number}", record.record_id, record.upn, record.learner, ""])
        requests.append([f"RQ{number}", f"S{number}", iso(asked), iso(_before(plan.start, 100)), "Y"])
        assessments.append([f"EA{number}", f"RQ{number}", iso(decided), "Y", ""])
        named.append([f"NP{number}", f"EA{number}", iso(plan.start), iso(plan.end), ""])
        active.append([f"AP{number}", f"RQ{number}", ""])
        for rank, need in enumerate(plan.needs, 1):
            needs.append([f"SN{number}-{rank}", f"AP{number}", _SEND[LEARNING_NEEDS.index(need)], rank])
    write_some(folder / "ssd_send.csv", "send_table_id send_person_id send_upn send_uln send_upn_unknown", send)
    header = "ehcr_ehcp_request_id ehcr_send_table_id ehcr_ehcp_req_date ehcr_ehcp_req_outcome_date"
    write_some(folder / "ssd_ehcp_requests.csv", f"{header} ehcr_ehcp_req_outcome", requests)
    header = "ehca_ehcp_assessment_id ehca_ehcp_request_id ehca_ehcp_assessment_outcome_date"
    outcomes = f"{header} ehca_ehcp_assessment_outcome ehca_ehcp_assessment_exceptions"
    write_some(folder / "ssd_ehcp_assessment.csv", outcomes, assessments)
    header = "ehcn_named_plan_id ehcn_ehcp_asmt_id ehcn_named_plan_start_date ehcn_named_plan_ceased_date"
    write_some(folder / "ssd_ehcp_named_plan.csv", f"{header} ehcn_named_plan_ceased_reason", named)
    header = "ehcp_active_ehcp_id ehcp_ehcp_request_id ehcp_active_ehcp_last_review_date"
    write_some(folder / "ssd_ehcp_active_plans.csv", header, active)
    header = "senn_table_id senn_active_ehcp_id senn_active_ehcp_need_type senn_active_ehcp_need_rank"
    write_some(folder / "ssd_sen_need.csv", header, needs)


def _before(day: date, days: int) -> date:
    return day - timedelta(days=days)
