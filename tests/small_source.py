"""A source that exists only in tests: a clinic with two files, made in a folder of its own, and an extract of it."""

from pathlib import Path

from tests.small_extracts import write_csv

DESCRIPTION = """\
title = "Clinic"
owner = "Nobody"
service = "Clinic"
frequency = "every week"
frequency_days = 7
lawful_basis = "Invented"
coverage = "Patients who do not exist."
sensitivity = "none"
makes_units = false
identifiers = ["nhs_number"]

[legal]
purpose = "To test."
gateway = "None"
agreement = "None"
impact_assessment = "None"
privacy_notice = "None"
onward_sharing = "With nobody"

[keep]
age_to = 90
ended_years = 2

[[services]]
service_id = "clinic"
title = "Clinic"

[[files]]
name = "patients"
title = "Patients"
people = true
key = "id"
[files.expected]
id = "ASSUMPTION"
surname = "ASSUMPTION"
born = "ASSUMPTION"
[files.optional]
nhs = "ASSUMPTION"

[[files]]
name = "visits"
title = "Visits"
codes = ["kind"]
[files.expected]
id = "ASSUMPTION"
patient = "ASSUMPTION"
kind = "ASSUMPTION"
[files.optional]
changed = "ASSUMPTION"
ended = "ASSUMPTION"
"""

MAPPING = '''\
"""A clinic."""

from loaders.context import RowRejected


def patients(row, context):
    born = context.needed_date(row, "born")
    context.add_person(row["id"], "U", born)
    number = context.nhs_number(row, "nhs")
    yield "person", {"record_id": row["id"], "surname": row["surname"], "dob": born, "nhs_number": number, "sex": "U",
                     "status": "alive", "restricted": False}


def visits(row, context):
    context.known(row["patient"], "patient")
    if row["kind"].startswith("Z"):
        raise RowRejected("kind", "no service is known for this kind")
    if row["kind"] == "odd":
        context.unknown_code("kind", row["kind"])
    yield "involvement", {"row_id": row["id"], "record_id": row["patient"], "service_id": "clinic",
                          "kind": "Visit", "status": "open", "end": context.needed_date(row, "ended"),
                          "updated_on": context.past_date(row, "changed")}
'''


def clinic(folder: Path) -> Path:
    """A folder of sources that holds the clinic, another source that never sends anything, and one behind a gate."""
    for name, head in (("clinic", ""), ("absent", ""), ("gated", 'gate = "gated"\n')):
        (folder / name).mkdir(parents=True)
        text = head + DESCRIPTION.replace('title = "Clinic"\nowner', f'title = "{name.capitalize()}"\nowner')
        (folder / name / "source.toml").write_text(text, encoding="utf-8")
        (folder / name / "mapping.py").write_text(MAPPING, encoding="utf-8")
    return folder


def extract(folder: Path) -> Path:
    """Twenty patients and their visits, with a fault of most kinds."""
    folder.mkdir(parents=True)
    (folder / "manifest.toml").write_text("as_at = 2026-06-01\ninvented = true\n")
    numbers = {1: "9990000018", 2: "9990000026", 3: "9991234560", 4: "SSD_PH", 5: "4444444444"}
    born = {6: "31/02/2012", 7: "1850-01-01", 8: ""}
    write_csv(
        folder / "clinic" / "patients.csv",
        "id,surname,born,nhs,colour",
        ([n, f"Testford{n}", born.get(n, f"2001-02-{n:02}"), numbers.get(n, ""), "red"] for n in range(1, 21)),
    )
    kinds = ["CHKUP"] * 10 + ["ZTALK"] * 4 + ["ZRARE", "Zoe Mock", "odd"]
    visits = [
        [100 + n, n + 1 if n != 5 else 77, kind, "2026-05-30" if n == 2 else "", "2020-03-01" if n == 3 else ""]
        for n, kind in enumerate(kinds)
    ]
    write_csv(folder / "clinic" / "visits.csv", "id,patient,kind,changed,ended", visits)
    return folder
