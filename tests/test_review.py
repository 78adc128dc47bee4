"""The review desk: what is listed for whom, what a decision does, and that what is hidden is as if it never was."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from graph.classes import VisibilityClass
from graph.judgements import Judgements, Verdict
from loaders.linkage import settings as linkage
from tests.client import Client
from tests.fixture_graph import fixture_graph
from tests.page import Page
from tests.person_pages import CHLOE, TOMMY, signed_in
from tests.published import BUILD, beside, copied
from tests.review_fixture import PAIRS, write_fixture_evidence
from web import accounts
from web.desk import sight

KHANS, THOMAS = ("lcs", "60060"), ("lcs", "50090")
REASON = "Same birthday, and the number was looked up"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder of one's own: decisions stay in it."""
    return copied(tmp_path)


def links(page: Page) -> list[str]:
    """Addresses of the pairs on a page."""
    found = [one.attributes.get("href") or "" for one in page.all("a")]
    return [one for one in dict.fromkeys(one.partition("?")[0] for one in found) if one.startswith("/review/pair/")]


def pair_of(client: Client, *names: str) -> str:
    """The address of the pair in the queue whose link has those names."""
    page = client.get("/review")
    found = next(str(one.attributes["href"]) for one in page.all("a") if all(name in one.text for name in names))
    return found.partition("?")[0]


def counts(page: Page) -> dict[str, str]:
    """Every queue with its length."""
    texts = [page.words(one) for one in page.all("li") if "/review?show=" in page.body and "app-queues" in page.body]
    return dict(match.groups() for one in texts if (match := re.fullmatch(r"([A-Z][a-zA-Z, ]+?) (\d+)", one)))  # type: ignore[misc]


def decide(client: Client, address: str, verdict: Verdict, reason: str = REASON, status: int = 303) -> Page:
    client.get(address)
    return client.post(address, status=status, verdict=verdict, reason=reason)


# --- who may see what ------------------------------------------------------------------------------------------------


def test_a_steward_sees_the_doubtful_pairs_of_their_own_graph(data: Path) -> None:
    page = signed_in("steward", data=data).get("/review")
    assert counts(page) == {"All doubtful pairs": "3", "Perhaps twins": "1",
                            "Other records speak against it": "1", "Nearly alike": "1",
                            "Waiting for a second person": "0", "People to look at": "0"}  # fmt: skip
    assert len(links(page)) == 3
    assert "2 pairs of records of these two people are doubtful" in page.text


def test_the_shield_desk_sees_the_restricted_and_the_sealed_ones_too(data: Path) -> None:
    page = signed_in("shield", data=data).get("/review")
    assert counts(page)["All doubtful pairs"] == "5"
    assert "Chloe Marsh" in page.text
    assert counts(page)["Adoption"] == "1"
    assert counts(page)["People to look at"] == "1"


@pytest.mark.parametrize("who", ["leeds.one", "manager", "sensitive"])
def test_nobody_else_may_review(data: Path, who: str) -> None:
    client = signed_in(who, data=data)
    address = pair_of(signed_in("shield", data=data), "Chloe")
    client.get("/search")
    for path in ("/review", "/review/decisions", address):
        client.get(path, status=403)
    client.post(address, status=403, verdict="same", reason=REASON)
    assert Judgements(data).history() == []
    assert "/review" not in client.get("/search").body


def visible() -> list[tuple[str, str, str, str]]:
    """The evidence as it would be had nothing hidden ever been recorded: no sealed or restricted record, and the home
    that is hidden unknown.
    """
    kept = [one for one in PAIRS if one[2] != "adoption" and "mosaic:252001" not in one]
    return [(*one[:3], one[3].replace(", address same", "") if "mosaic:252002" in one else one[3]) for one in kept]


def pages(data: Path, who: str) -> dict[str, str]:
    client = signed_in(who, data=data)
    queue = client.get("/review")
    found = {"/review": queue.bare}
    for address in links(queue):
        found[re.sub(r"[^/]*$", "", address) + str(len(found))] = re.sub(
            r"/review/pair/[^\"]*|/review\?[^\"]*", "", client.get(address).bare
        )
    for person in {one for one in queue.person_ids if client.raw("GET", f"/person/{one}").status_code == 200}:
        found[person] = client.get(f"/person/{person}/records").bare
    return {path: re.sub(r"\.[0-9a-f]{24}", "", body) for path, body in found.items()}


def test_every_page_is_that_of_evidence_which_never_held_what_is_hidden(tmp_path: Path, data: Path) -> None:
    never = copied(tmp_path / "never")
    write_fixture_evidence(never / "builds" / BUILD, visible())
    assert pages(data, "steward") == pages(never, "steward")
    assert pages(data, "shield") != pages(never, "shield")


def test_a_restricted_record_is_kept_back_even_where_a_graph_wrongly_holds_it(tmp_path: Path) -> None:
    wrong = copied(tmp_path, build={"databases": beside("wrong", lambda *_: fixture_graph(VisibilityClass.SHIELD))})
    page = signed_in("steward", data=wrong).get("/review")
    assert "Chloe" not in page.text
    assert "Chloe" in signed_in("shield", data=wrong).get("/review").text


def test_a_home_hidden_from_a_steward_does_not_weigh(data: Path) -> None:
    said = {}
    for who in ("steward", "shield"):
        client = signed_in(who, data=data)
        page = client.get(pair_of(client, "Bea Lund", "Ellen Marsh"))
        (desc,) = page.all("desc")
        said[who] = page.words(desc)
    assert "Address" in said["shield"]
    assert "Address" not in said["steward"]


def test_what_linking_goes_by_is_what_the_desk_goes_by() -> None:
    assert (sight.FLOOR, sight.LARGE, sight.LOOSE) == (
        linkage.REVIEW_FLOOR, linkage.ALARM_SIZE, linkage.ALARM_LOOSE)  # fmt: skip


@pytest.mark.parametrize("names", [("Chloe",), ("Ava Khan", "Zain Reed")])
def test_the_address_of_a_hidden_pair_is_like_one_that_never_was(data: Path, names: tuple[str, ...]) -> None:
    address = pair_of(signed_in("shield", data=data), *names)
    client = signed_in("steward", data=data)
    known = client.get(address, status=404)
    unknown = client.get("/review/pair/nothing", status=404)
    assert known.bare == unknown.bare
    client.get("/review")
    client.post(address, status=404, verdict="same", reason=REASON)
    assert Judgements(data).history() == []
    assert client.records()[-1]["people"] == []


@pytest.mark.parametrize("names", [("Chloe",), ("Ava Khan", "Zain Reed")])
def test_a_hidden_decision_is_like_one_that_never_was(data: Path, names: tuple[str, ...]) -> None:
    shield = signed_in("shield", data=data)
    decide(shield, pair_of(shield, *names), Verdict.DIFFERENT)
    client = signed_in("steward", data=data)
    assert "Nothing has been decided yet" in client.get("/review/decisions").text
    client.get("/review")
    for path in ("undo", "second"):
        one, none = (client.post(f"/review/decision/{number}/{path}", status=404, reason=REASON) for number in (1, 7))
        assert one.bare == none.bare
    assert Judgements(data).history()[0].undone_by == ""


def test_a_reason_given_by_who_sees_more_is_not_shown(data: Path) -> None:
    shield, steward = signed_in("shield", data=data), signed_in("steward", data=data)
    address = pair_of(shield, "Tommy")
    decide(shield, address, Verdict.DIFFERENT, "The restricted half-sister says so")
    page = steward.get(address)
    assert "Tom Hale decided on" in page.text
    assert "half-sister" not in page.text + steward.get("/review/decisions").text
    decide(steward, address, Verdict.UNSURE, "Two schools say it")
    assert "Two schools say it" in steward.get(address).text
    assert "half-sister" in shield.get(address).text


def test_pairs_of_an_excluded_person_are_not_there(tmp_path: Path) -> None:
    mine = copied(tmp_path, exclusions=[{"viewer": "steward", "person_id": TOMMY, "until": None}])
    address = pair_of(signed_in("shield", data=mine), "Tommy")
    client = signed_in("steward", data=mine)
    page = client.get("/review")
    assert counts(page)["All doubtful pairs"] == "2"
    assert TOMMY not in page.person_ids
    assert client.get(address, status=404).bare == client.get("/review/pair/nothing", status=404).bare


def test_in_leeds_a_steward_compares_what_was_scored_and_opens_nobody(data: Path) -> None:
    client = signed_in("steward", data=data)
    scored = pair_of(client, "Tommy")
    assert client.get(scored).person_ids == set(re.findall(r"[0-9a-f]{16}(?=\.)", scored))
    client.get(f"/person/{TOMMY}", status=404)
    wide = signed_in("steward", journey="stockport", data=data)
    unscored = links(wide.get(f"/person/{TOMMY}/apart/{_person(wide, 'Sheila')}"))
    assert unscored
    wide.get(unscored[0])
    client.get(unscored[0], status=404)


def _person(client: Client, forename: str) -> str:
    client.get("/search")
    client.post("/search", status=303, forename=forename, surname="Williams")
    return sorted(client.follow().person_ids - {TOMMY})[0]


def test_a_token_cannot_be_made_up(data: Path) -> None:
    client = signed_in("steward", data=data)
    address = pair_of(client, "Tommy")
    people = address.rpartition(".")[0]
    for tag in ("", "0" * 24, address[-24:-1], address[-24:].upper()):
        client.get(f"{people}.{tag}", status=404)
    assert not re.search("249012|50090|Tommy|Williams", address)


# --- deciding --------------------------------------------------------------------------------------------------------


def test_a_decision_is_written_down_leaves_the_queue_and_can_be_taken_back(data: Path) -> None:
    client = signed_in("steward", data=data)
    address = pair_of(client, "Ava Khan")
    decide(client, address, Verdict.DIFFERENT)
    (known,) = Judgements(data).standing()
    assert (known.verdict, known.by, known.reason, known.needs_second) == ("different", "steward", REASON, False)
    assert KHANS in (known.left, known.right)
    page = client.get(address)
    assert "Sam Field decided on" in page.text
    assert REASON in page.text
    assert address not in links(client.get("/review"))
    assert address in links(client.get("/review/decisions"))
    other = signed_in("shield", data=data)
    other.get(address)
    other.post(f"/review/decision/{known.number}/undo", status=303, reason="They were the wrong two")
    assert Judgements(data).standing() == []
    assert address in links(client.get("/review"))
    assert "Tom Hale took it back" in client.get("/review/decisions").text


def test_a_decision_needs_a_verdict_and_a_reason(data: Path) -> None:
    client = signed_in("steward", data=data)
    address = pair_of(client, "Tommy")
    client.get(address)
    page = client.post(address, status=400, verdict="maybe", reason=REASON)
    assert "Choose what you decide" in page.text
    assert REASON in page.text, "what was typed is not lost"
    for reason in ("", "  ", "x", "long " * 200):
        client.post(address, status=400, verdict="same", reason=reason)
    assert Judgements(data).history() == []


def test_a_form_of_another_site_or_without_its_token_decides_nothing(data: Path) -> None:
    client = signed_in("steward", data=data)
    address = pair_of(client, "Tommy")
    client.get(address)
    client.post(address, status=400, token="made up", verdict="same", reason=REASON)
    client.post(address, status=403, site="cross-site", verdict="same", reason=REASON)
    assert Judgements(data).history() == []
    client.get(address)
    client.post(address, status=303, verdict="same", reason=REASON)
    assert len(Judgements(data).history()) == 1


def test_nothing_typed_is_in_an_address_or_in_the_audit(data: Path) -> None:
    client = signed_in("steward", data=data)
    address = pair_of(client, "Tommy")
    decide(client, address, Verdict.SAME)
    assert client.location == f"{address}?show=doubtful"
    for record in client.records():
        assert REASON not in str(record)
        assert "Tommy" not in str(record)
    (written,) = [one for one in client.records() if one["action"] == "two records decided"]
    assert written["asked"] == {"pair": address.rpartition("/")[2], "verdict": "same"}
    assert TOMMY in written["people"]


def test_a_merge_with_a_restricted_record_needs_two_people(data: Path) -> None:
    first = signed_in("shield", data=data)
    address = pair_of(first, "Chloe")
    decide(first, address, Verdict.SAME)
    (known,) = Judgements(data).waiting()
    assert Judgements(data).standing() == []
    page = first.get("/review?show=waiting")
    assert address in links(page)
    assert "Somebody else at the shield desk must agree" in first.get(address).text
    first.post(f"/review/decision/{known.number}/second", status=400)
    assert Judgements(data).standing() == []
    accounts.save(data, accounts.Account("shield.two", "Uma Bell", "shield", ()), "right")
    second = signed_in_as(data, "shield.two")
    second.get(address)
    second.post(f"/review/decision/{known.number}/second", status=303)
    (standing,) = Judgements(data).standing()
    assert (standing.by, standing.seconded_by) == ("shield", "shield.two")


def signed_in_as(data: Path, username: str) -> Client:
    client = Client(signed_in("shield", data=data).app)
    client.sign_in(username, "right")
    return client


def test_parting_a_restricted_person_needs_one_and_says_that_it_lifts_nothing(data: Path) -> None:
    client = signed_in("shield", data=data)
    address = pair_of(client, "Chloe")
    assert "No decision here lifts a restriction" in client.get(address).text
    decide(client, address, Verdict.DIFFERENT)
    assert [one.verdict for one in Judgements(data).standing()] == ["different"]
    assert CHLOE in client.records()[-1]["people"]


def test_nobody_joins_records_across_an_adoption(data: Path) -> None:
    client = signed_in("shield", data=data)
    address = pair_of(client, "Ava Khan", "Zain Reed")
    assert [one.attributes["value"] for one in client.get(address).all("input", type="radio")] == [
        "different",
        "unsure",
    ]
    page = client.post(address, status=400, verdict="same", reason=REASON)
    assert "An adoption keeps these two apart" in page.text
    assert Judgements(data).history() == []
    decide(client, address, Verdict.DIFFERENT)


def test_a_decision_that_the_last_refresh_could_not_obey_is_asked_about(data: Path) -> None:
    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC)):
        Judgements(data).decide(THOMAS, ("mosaic", "249012"), Verdict.SAME, "steward", REASON)
    client = signed_in("steward", data=data)
    page = client.get("/review?show=not-joined")
    assert counts(page)["Decided, but not joined"] == "1"
    assert "The last refresh could not join them" in client.get(links(page)[0]).text
    assert links(page)[0] not in links(client.get("/review"))


def test_a_steward_goes_from_one_pair_to_the_next_until_none_waits(data: Path) -> None:
    client = signed_in("steward", data=data)
    seen: list[str] = []
    while len(seen) < 9:
        client.get("/review")
        client.raw("GET", "/review/next")
        address = client.location
        if not address.startswith("/review/pair/"):
            break
        seen.append(address)
        decide(client, address, Verdict.UNSURE)
        assert "/review/next?show=doubtful" in client.get(address).body
    assert len(seen) == 3
    assert address == "/review?show=doubtful"
    assert counts(client.get("/review"))["Set aside as unsure"] == "3"


# --- the alarms ------------------------------------------------------------------------------------------------------


def test_an_alarm_leads_to_the_records_of_that_person_alone(data: Path) -> None:
    client = signed_in("shield", data=data)
    client.get("/review?show=alarms")
    page = client.get(f"/review/person/{TOMMY}")
    assert page.person_ids == {TOMMY}
    assert links(page)
    client.get(f"/review/person/{CHLOE}", status=404)
    signed_in("steward", data=data).get(f"/review/person/{TOMMY}", status=404)
