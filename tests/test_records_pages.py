"""Why records were joined and why two people were not; decisions as notices; and where an old person id leads."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from graph.history import Became, Change, write_history
from graph.judgements import Judgements, Verdict
from tests.client import Client
from tests.fixture_graph import person_id
from tests.page import Page
from tests.person_pages import CHLOE, DOMINIC, KATE, PAULA, TOMMY, facts, signed_in
from tests.published import BUILD, copied

THOMAS = person_id("lcs:50090")
THOMAS_RECORD = ("lcs", "50090")
KATES = ("lcs", "50013"), ("mosaic", "249013")
AVA, AVAS = person_id("lcs:60060"), ("lcs", "60060")
OLD, OLDER = "0123456789abcdef", "fedcba9876543210"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return copied(tmp_path)


def notices(page: Page, kind: str = "decision") -> list[str]:
    return [page.words(one) for one in page.elements if one.attributes.get("data-notice") == kind]


# --- why they were joined --------------------------------------------------------------------------------------------


def test_a_person_shows_which_records_were_joined_and_field_by_field_why() -> None:
    page = signed_in("leeds.one").get(f"/person/{TOMMY}/records")
    assert "2 records of LCS and Mosaic are joined as Tommy Williams" in page.text
    assert facts(page, "record_id") == ["50012", "249012"]
    assert "Liquidlogic id (the same)" in page.text
    (drawn,) = page.all("svg", role="img")
    assert drawn.attributes["aria-label"]
    assert "Surname: +8.7" in page.words(page.all("desc")[0])
    (row,) = [page.words(one) for one in page.all("tr") if page.words(one).startswith("Surname")]
    assert row.endswith("The same+8.7")
    assert "/review/" not in page.body, "who may not review is offered nothing to decide"


def test_a_steward_can_part_the_records_from_there(data: Path) -> None:
    client = signed_in("steward", journey="stockport", data=data)
    page = client.get(f"/person/{KATE}/records")
    (link,) = [one for one in page.all("a") if "These are not one person" in page.words(one)]
    address = (link.attributes["href"] or "").partition("#")[0]
    client.get(address)
    client.post(address, status=303, verdict="different", reason="The GP says they are two")
    (known,) = Judgements(data).standing()
    assert known.verdict is Verdict.DIFFERENT


def test_of_one_record_alone_it_says_so() -> None:
    page = signed_in("leeds.one").get(f"/person/{PAULA}/records")
    assert "One record alone is Paula Lee: nothing was joined." in page.text


def test_a_restricted_person_shows_no_records() -> None:
    client = signed_in("steward", journey="stockport")
    page = client.get(f"/person/{CHLOE}/records")
    assert "252001" not in page.body
    assert client.records()[-1]["people"] == [CHLOE]


# --- why they were not -----------------------------------------------------------------------------------------------


def test_two_people_are_compared_by_the_id_of_the_others_record(data: Path) -> None:
    client = signed_in("steward", journey="stockport", data=data)
    client.get(f"/person/{TOMMY}/records")
    client.post(f"/person/{TOMMY}/records", status=303, record_id="50090")
    assert client.location == f"/person/{TOMMY}/apart/{THOMAS}"
    page = client.follow()
    assert page.heading == "Why are these two not joined?"
    assert "By themselves they would be joined" in page.text
    assert "Date of birth" in page.words(page.all("desc")[0])
    assert client.records()[-1]["people"] == [TOMMY, THOMAS]


def test_two_people_without_a_score_are_told_what_their_sources_must_share(data: Path) -> None:
    page = signed_in("steward", journey="stockport", data=data).get(f"/person/{TOMMY}/apart/{PAULA}")
    assert "No two of their records came near enough" in page.text
    assert "Scored only where both have the same of this: a Liquidlogic id, or name and date of birth." in page.text


@pytest.mark.parametrize("typed", ["252001", "999999", "", "60060"])
def test_nobody_who_may_not_be_opened_is_found_by_an_id(data: Path, typed: str) -> None:
    """Restricted, unknown, not given, and off the caseload: the same page."""
    client = signed_in("leeds.one", data=data)
    client.get(f"/person/{TOMMY}/records")
    page = client.post(f"/person/{TOMMY}/records", status=400, record_id=typed)
    assert page.person_ids == {TOMMY}
    assert client.records()[-1]["people"] == [TOMMY]
    assert ("You can open nobody else" in page.text) is bool(typed)


def test_a_restricted_person_is_not_found_by_an_id_where_anybody_can_be_searched_for(data: Path) -> None:
    client = signed_in("steward", journey="stockport", data=data)
    client.get(f"/person/{TOMMY}/records")
    page = client.post(f"/person/{TOMMY}/records", status=400, record_id="252001")
    assert (page.person_ids, client.records()[-1]["people"]) == ({TOMMY}, [TOMMY])
    shield = signed_in("shield", journey="stockport", data=data)
    shield.get(f"/person/{TOMMY}/records")
    shield.post(f"/person/{TOMMY}/records", status=303, record_id="252001")
    assert shield.location == f"/person/{TOMMY}/apart/{CHLOE}"


def test_who_was_searched_for_last_is_offered(data: Path) -> None:
    client = signed_in("steward", journey="stockport", data=data)
    client.get("/search")
    client.post("/search", status=303, surname="Williams", forename="Thomas")
    page = client.get(f"/person/{TOMMY}/records")
    assert f"/person/{TOMMY}/apart/{THOMAS}" in page.body
    assert THOMAS in client.records()[-1]["people"]
    client.get(f"/person/{TOMMY}/apart/{THOMAS}")


@pytest.mark.parametrize("other", [CHLOE, "nobody", TOMMY])
def test_a_comparison_with_nobody_is_not_found(data: Path, other: str) -> None:
    client = signed_in("steward", journey="stockport", data=data)
    page = client.get(f"/person/{TOMMY}/apart/{other}", status=404)
    assert page.bare == client.get("/person/nobody", status=404).bare


# --- what a decision shows at once -----------------------------------------------------------------------------------


def test_two_records_told_apart_warn_at_once_on_every_page_of_that_person(data: Path) -> None:
    store = Judgements(data)
    store.decide(*KATES, Verdict.DIFFERENT, "steward", "Two mothers")
    client = signed_in("leeds.one", data=data)
    for tab in ("", "/family", "/services", "/records"):
        (said,) = notices(client.get(f"/person/{KATE}{tab}"), "doubt")[:1]
        assert "Facts shown here may belong to somebody else. Sam Field decided on" in said
        assert "that LCS 50013 and Mosaic 249013 are of different people. They are parted by the next refresh." in said
        assert "Two mothers" not in said, "the reason is for the desk"
    assert all("Facts shown here" not in one for one in notices(client.get(f"/person/{TOMMY}"), "doubt"))
    store.undo(1, "steward", "No, one mother")
    assert not doubted(data, "leeds.one")


def doubted(data: Path, who: str, journey: str = "leeds") -> set[str]:
    """Where somebody's pages of Tommy, his family and the results of a search say that records are in doubt."""
    client = signed_in(who, journey=journey, data=data)
    found = {tab for tab in ("", "/family", "/services") if notices(client.get(f"/person/{TOMMY}{tab}"), "doubt")}
    nodes = client.json(f"/network/{TOMMY}.json")["nodes"]
    found |= {"picture" for one in nodes if one["id"] == KATE and "records in doubt" in one["detail"] + one["label"]}
    found |= {"table" for one in client.get(f"/person/{TOMMY}/family").all("tr") if "records in doubt" in one.text}
    client.get("/search")
    if journey == "stockport":
        client.post("/search", status=303, surname="Williams", forename="Kate")
        found |= {"results"} if notices(client.follow(), "doubt") else set()
        found |= {"apart"} if notices(client.get(f"/person/{TOMMY}/apart/{KATE}"), "doubt") else set()
    return found


def test_it_warns_wherever_that_person_is_named(data: Path) -> None:
    Judgements(data).decide(*KATES, Verdict.DIFFERENT, "steward", "Two mothers")
    assert doubted(data, "leeds.one") == {"", "/family", "picture", "table"}
    assert doubted(data, "manager", "stockport") == {"", "/family", "picture", "table", "results", "apart"}
    assert notices(signed_in("leeds.two", data=data).get("/search"), "doubt") == []


def test_a_decision_that_changes_nothing_is_no_notice(data: Path) -> None:
    store = Judgements(data)
    store.decide(*KATES, Verdict.SAME, "steward", "One mother")
    store.decide(THOMAS_RECORD, ("mosaic", "249012"), Verdict.DIFFERENT, "steward", "Two boys")
    store.decide(("lcs", "50014"), ("mosaic", "249014"), Verdict.UNSURE, "steward", "Who knows")
    client = signed_in("steward", journey="stockport", data=data)
    for one in (KATE, TOMMY, DOMINIC, THOMAS):
        page = client.get(f"/person/{one}")
        assert notices(page) + notices(page, "doubt") == []


def test_a_decision_that_the_last_refresh_has_tried_is_no_notice_any_more(data: Path) -> None:
    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC)):
        Judgements(data).decide(*KATES, Verdict.DIFFERENT, "steward", "Two mothers")
        Judgements(data).decide(THOMAS_RECORD, ("mosaic", "249012"), Verdict.SAME, "steward", "One boy")
    client = signed_in("steward", journey="stockport", data=data)
    for one in (KATE, TOMMY):
        page = client.get(f"/person/{one}")
        assert notices(page) + notices(page, "doubt") == []


def test_a_decision_taken_back_that_joined_two_records_warns_too(data: Path) -> None:
    store = Judgements(data)
    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC)):
        obeyed = store.decide(*KATES, Verdict.SAME, "steward", "One mother")
    store.undo(obeyed.number, "shield", "Two mothers")
    (said,) = notices(signed_in("steward", journey="stockport", data=data).get(f"/person/{KATE}"), "doubt")
    assert "Tom Hale took back the decision that LCS 50013 and Mosaic 249013 are of one person." in said
    assert "/family" in doubted(data, "leeds.one")
    today = store.decide(*KATES, Verdict.SAME, "steward", "One mother")
    store.undo(today.number, "steward", "By mistake")
    assert "/family" in doubted(data, "leeds.one"), "what joined them is still taken back"


def test_a_merge_is_noticed_only_by_who_may_open_both(data: Path) -> None:
    Judgements(data).decide(THOMAS_RECORD, ("mosaic", "249012"), Verdict.SAME, "steward", "One boy")
    wide = signed_in("steward", journey="stockport", data=data)
    assert "They are joined by the next refresh." in notices(wide.get(f"/person/{TOMMY}"))[0]
    assert notices(wide.get(f"/person/{THOMAS}"))
    assert notices(signed_in("leeds.one", data=data).get(f"/person/{TOMMY}")) == []


@pytest.mark.parametrize("verdict", [Verdict.SAME, Verdict.DIFFERENT])
def test_a_decision_that_is_not_for_this_reader_shows_nothing(tmp_path: Path, verdict: Verdict) -> None:
    """A restricted record, an unknown one, or an adoption: every page is that of a desk that never decided."""
    mine, never = copied(tmp_path / "mine"), copied(tmp_path / "never")
    for record, other in ((AVAS, ("mosaic", "252001")), (("mosaic", "249012"), ("mosaic", "252001")),
                          (AVAS, ("nowhere", "1")), (AVAS, ("mosaic", "251379"))):  # fmt: skip
        Judgements(mine).decide(record, other, verdict, "shield", "What the shield desk knows")
    for who in ("manager", "steward"):
        told = [signed_in(who, journey="stockport", data=data) for data in (mine, never)]
        for path in (f"/person/{TOMMY}", f"/person/{TOMMY}/family", f"/person/{CHLOE}", f"/person/{AVA}",
                     f"/person/{AVA}/records"):  # fmt: skip
            one, two = (client.get(path) for client in told)
            assert one.bare == two.bare


# --- an old id leads on ----------------------------------------------------------------------------------------------


@pytest.fixture
def merged(data: Path) -> Path:
    """Tommy was two ids before; another id became a restricted child's."""
    changes = [
        Change(OLDER, OLD, Became.MERGED, "1"),
        Change(OLD, TOMMY, Became.MERGED, "2"),
        Change("aaaa", CHLOE, Became.MERGED, "2"),
        Change("bbbb", THOMAS, Became.MERGED, "2"),
        Change("cccc", "", Became.GONE, "2"),
    ]
    write_history(data / "builds" / BUILD, changes)
    return data


@pytest.mark.parametrize("page", ["/person/{}", "/person/{}/family", "/person/{}/services", "/person/{}/records",
                                  "/network/{}.json"])  # fmt: skip
def test_an_old_id_leads_to_the_same_page_of_who_it_became(merged: Path, page: str) -> None:
    client = signed_in("leeds.one", data=merged)
    for old in (OLD, OLDER):
        response = client.raw("GET", page.format(old))
        assert (response.status_code, response.headers["Location"]) == (302, page.format(TOMMY))


@pytest.mark.parametrize("page", ["/person/{}", "/person/{}/family", "/person/{}/services", "/network/{}.json"])
def test_an_old_id_of_somebody_not_for_this_reader_is_like_any_unknown_id(merged: Path, page: str) -> None:
    client = signed_in("leeds.one", data=merged)
    said = {one: answer(client, page.format(one)) for one in ("nobody", "bbbb", "aaaa", "cccc")}
    assert said["nobody"][0] == 404
    assert len({str(one) for one in said.values()}) == 1
    assert signed_in("steward", journey="stockport", data=merged).raw("GET", page.format("bbbb")).status_code == 302


def answer(client: Client, path: str) -> tuple[int, str, dict[str, str], dict[str, object]]:
    response = client.raw("GET", path)
    text = re.sub(r'name="csrf_token"[^>]*value="[^"]*"', "", response.get_data(as_text=True))
    told = {name: value for name, value in response.headers.items() if name != "Set-Cookie"}
    kept = {name: client.records()[-1][name] for name in ("action", "asked", "outcome", "people")}
    return response.status_code, text, told, kept
