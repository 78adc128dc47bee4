"""A row that cannot be loaded takes its restriction with it: whoever it may be about is hidden, and the load goes on.

Mosaic restricts; the school census, which knows nothing of it, tells of the same child.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest

from loaders.check import CheckResult, check
from loaders.refresh import inputs, restrictions
from loaders.unread import HIDDEN, NOBODY, TRACES, unread
from tests.small_council import CLUSTER, PAIR

COLUMNS = "PERSON_ID,FIRST_NAME,LAST_NAME,DATE_OF_BIRTH,GENDER,NHS_ID,UPN_ID,RESTRICTED,KNOWN_AS"
SOMEBODY = "1,Ann,Example,1980-01-02,F,,,N,"
ALONE = {
    "mosaic/dm_personal_relationships.csv": "PERSONAL_RELATIONSHIP_ID,PERSON_ID,OTHER_PERSON_ID,PERSONAL_REL_TYPE_ID,"
    "IS_MOTHER,START_DATE,END_DATE\n1,1,2,1,N,,\n",
    "mosaic/dm_personal_rel_types.csv": "PERSONAL_REL_TYPE_ID,DESCRIPTION,FAMILY_CATEGORY\n1,Friend : Friend,Family\n",
    "school_census/pupilonroll.csv": "pupilonrolltableid,upn,surname,forename,dob,sex\n"
    "1,K000200416001,Marsh,Ivy,2015-03-04,F\n2,,Holt,Tom,2015-03-05,M\n",
}
IVY = "2,Ivy,Marsh,2015-03-04,F,,K000200416001,Y,"


def checked(folder: Path, *lines: str, accept: Sequence[str] = (), header: str = COLUMNS) -> CheckResult:
    files = ALONE | {"mosaic/dm_persons.csv": "\n".join((header, SOMEBODY, "2,Bo,Other,1981-02-03,M,,,N,", *lines, ""))}
    for name, content in files.items():
        path = folder / "extracts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    (folder / "extracts" / "manifest.toml").write_text("as_at = 2026-11-23\ninvented = true\n")
    return check(folder / "extracts", folder / "work", accept=accept)


def hidden(result: CheckResult, folder: Path) -> set[str]:
    """Names of who is shielded, nobody being joined to anybody."""
    connection = inputs.open_tables(result.tables, folder)
    who = connection.execute("SELECT source, record_id, forename, 'alone', 1.0 FROM std.person").to_arrow_table()
    inputs.add_clusters(connection, who.rename_columns(CLUSTER.names).cast(CLUSTER), PAIR.empty_table())
    inputs.add_place_keys(connection)
    restrictions.mark_shielded(connection, restrictions.MEMORY.empty_table(), result.unread)
    found = {name for (name,) in connection.execute("FROM shielded").fetchall()}
    connection.close()
    return found


LOST = {
    "a cell too many": "3,Ivy,Marsh,2015-03-04,F,,K000200416001,Y,,",
    "a comma in a name": "3,Ivy,Marsh, or Holt,2015-03-04,F,,,Y,",
    "a comma before and one after": "3,Ivy,Marsh,x,2015-03-04,F,,,Y,a,b",
    "cells too few": "3,Ivy,Marsh,2015-03-04,N",
    "a control character": "3,Ivy,Mar\x00sh,2015-03-04,F,,,Y,",
    "a control character in the number alone": "3,,,,F,,K0002004\x0716001,Y,",
    "nothing said of a restriction": "3,Ivy,Marsh,2015-03-04,F,,,\x07,",
    "quote marks": '3,Ivy,Marsh,2015-03-04,F,,K000200416001,Y,"The "old" one"',
    "no id": IVY.replace("2,", ",", 1),
    "names alone": "3,Ivy,Marsh,,F,,,Y,,",
    "names and little else": "3,Marsh,Ivy",
}


@pytest.mark.parametrize("line", LOST.values(), ids=LOST)
def test_whoever_may_stand_on_a_lost_row_is_hidden(tmp_path: Path, line: str) -> None:
    result = checked(tmp_path, line)
    assert result.problems == []
    assert sum(one.quarantined for one in result.files) == 1
    assert hidden(result, tmp_path) == {"Ivy"}
    assert [note.count for note in result.notes if note.message == HIDDEN] == [1]


def test_without_it_the_child_would_be_shown(tmp_path: Path) -> None:
    """Negative control."""
    result = checked(tmp_path, LOST["a cell too many"])
    result.unread = TRACES.empty_table()
    assert hidden(result, tmp_path) == set()


@pytest.mark.parametrize("line", ["3,Ivy,Marsh,2015-03-04,F,,,N,a\x07b", "3,Ivy,,Marsh,2015-03-04,F,,N,N,N"])
def test_a_lost_row_that_says_no_hides_nobody(tmp_path: Path, line: str) -> None:
    result = checked(tmp_path, line)
    assert result.problems == []
    assert hidden(result, tmp_path) == set()


@pytest.mark.parametrize("line", ["3,,,,F,,,Y,,", "3,Ivy,,,F,,,Y,,", "3,,,2015-03-04,F,,,,,", "3", "A3,,,,,,,,,,"])
def test_a_lost_row_of_which_nobody_can_tell_whom_to_hide_is_told_and_the_load_goes_on(
    tmp_path: Path, line: str
) -> None:
    result = checked(tmp_path, line)
    assert result.problems == []
    assert sum(one.quarantined for one in result.files) == 1
    assert hidden(result, tmp_path) == set()
    assert [(note.file, note.count) for note in result.notes if note.message == NOBODY] == [("dm_persons.csv", 1)]
    assert not [note for note in result.notes if note.message == HIDDEN]


@pytest.mark.parametrize(
    "line", ["(8 rows affected)", "Completion time: 2026-11-20T10:00:00", "-1,,,,,,,,", ",,,,,,,,", "NULL", COLUMNS]
)
def test_a_line_that_is_nobody_stops_nothing(tmp_path: Path, line: str) -> None:
    """What spreadsheets, query tools and the null key of a mart leave at the end of nearly every file."""
    result = checked(tmp_path, line)
    assert result.problems == []
    assert sum(one.quarantined for one in result.files) == 1
    assert hidden(result, tmp_path) == set()


def test_a_restriction_on_a_second_line_of_one_person_counts_by_itself(tmp_path: Path) -> None:
    result = checked(tmp_path, "1,,,,F,,,Y,")
    assert result.problems == []
    assert hidden(result, tmp_path) == {"Ann"}


def test_lost_exclusions_of_probation_stop_the_publish(tmp_path: Path) -> None:
    folder = tmp_path / "extracts" / "probation"
    folder.mkdir(parents=True)
    lines = "".join(f"X1,two,three{extra}\n" for extra in range(7))
    (folder / "exclusions.csv").write_text(f"crn,user\nX1,one\n{lines}")
    columns = "offenderId,crn,firstName,surname,dateOfBirth,currentRestriction,currentExclusion"
    (folder / "offenders.csv").write_text(f"{columns}\n1,X1,Ann,Example,1980-01-02,false,true\n")
    (folder.parent / "manifest.toml").write_text("as_at = 2026-11-23\ninvented = true\n")
    problems = check(folder.parent, tmp_path / "work", gates={"probation"}).problems
    (told,) = [problem.message for problem in problems if "cannot be loaded, and" in problem.message]
    assert "lines 3, 4, 5, 6, 7 and 2 more" in told
    assert "--accept probation" in told
    assert not check(folder.parent, tmp_path / "again", gates={"probation"}, accept={"probation"}).problems


def test_what_is_kept_of_a_lost_row_is_in_no_message() -> None:
    found = unread(4, ["Ivy", "Marsh", "2015-03-04", "999 000 0018", "K000200416001", "12 Elm Row"])
    assert "Marsh" not in repr(found)
    assert (found.numbers, len(found.days), found.names) == (("9990000018", "K000200416001"), 1, ("Ivy", "Marsh"))
