"""A source as a council would bring it: a folder with description and mapping, written where a test wants it."""

from pathlib import Path

TOML = """
title = "Family hubs"
owner = "The hubs"
service = "Family hubs"
frequency = "every month"
frequency_days = 30
lawful_basis = "an agreement"
coverage = "Families who come to a hub."
sensitivity = "low"
makes_units = false
[legal]
purpose = "To see who comes to a hub."
gateway = "an act"
agreement = "an agreement"
impact_assessment = "an assessment"
privacy_notice = "a notice"
onward_sharing = "With nobody"
[[services]]
service_id = "family_hub"
title = "Family hub"
[[files]]
name = "visitors"
title = "Visitors"
required = true
people = true
key = "id"
[files.expected]
id = "ASSUMPTION"
name = "ASSUMPTION"
"""
MAPPING = """
def visitors(row, context):
    context.add_person(row["id"], "U", None)
    yield "person", {"record_id": row["id"], "surname": row["name"], "sex": "U", "status": "alive", "restricted": False}
"""


def own_source(folder: Path, name: str = "family_hubs", toml: str = TOML, mapping: str = MAPPING) -> Path:
    """A folder of the council's own sources that holds one."""
    (folder / name).mkdir(parents=True)
    (folder / name / "source.toml").write_text(toml)
    (folder / name / "mapping.py").write_text(mapping)
    return folder
