"""The standard tables: the one shape every source is mapped to, before linking and before the graph.

Data only. A source fills the tables it has; columns it lacks stay null. Nothing here reads or writes a file.
"""

from dataclasses import dataclass

import pyarrow as pa

_TEXT, _DATE, _FLAG, _TEXTS = pa.string(), pa.date32(), pa.bool_(), pa.list_(pa.string())


@dataclass(frozen=True, slots=True)
class Table:
    """One standard table: its name and columns (name, Arrow type, meaning). The first columns are its key."""

    name: str
    columns: tuple[tuple[str, pa.DataType, str], ...]

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema."""
        return pa.schema([(name, kind) for name, kind, _ in self.columns])


_SOURCE = (("source", _TEXT, "source folder name, e.g. mosaic"),)
_PROVENANCE = (
    ("source_row", _TEXT, "file and line, e.g. dm_persons.csv:17"),
    ("extracted_on", _DATE, "day the extract was taken"),
    ("updated_on", _DATE, "day the source last changed it"),
)

# fmt: off
# One column a line: this is read as a table.
PERSON = Table("person", (
    *_SOURCE,
    ("record_id", _TEXT, "the source's own id for the person"),
    ("forename", _TEXT, "first name as supplied, trimmed"),
    ("middle_names", _TEXT, "middle names"),
    ("surname", _TEXT, "family name"),
    ("known_as", _TEXT, "preferred name"),
    ("other_names", _TEXTS, 'former names and aliases, each "Forename Surname" or a surname alone'),
    ("sex", _TEXT, "M, F or U"),
    ("dob", _DATE, "date of birth; placeholders are null"),
    ("dob_estimated", _FLAG, "marked as an estimate"),
    ("dod", _DATE, "date of death"),
    ("status", _TEXT, "alive, unborn, miscarried, stillborn or deceased"),
    ("nhs_number", _TEXT, "validated, ten digits, else null"),
    ("upn", _TEXT, "validated permanent UPN, else null"),
    ("former_upn", _TEXT, "validated former UPN"),
    ("uln", _TEXT, "validated unique learner number"),
    ("llid", _TEXT, "Liquidlogic id"),
    ("pnc", _TEXT, "validated Police National Computer id"),
    ("yot_number", _TEXT, "number of the youth justice service, as supplied; never matches anybody"),
    ("birth_order", pa.int16(), "place among twins, triplets, ..: 1 is the first born"),
    ("is_client", _FLAG, "a client of the source, not only an associated adult"),
    ("restricted", _FLAG, "the source restricts the record"),
    ("restriction_kind", _TEXT, "which of its flags says so, e.g. Secure"),
    ("duplicate_of", _TEXT, "record_id the source names as the survivor"),
    ("adopted", _FLAG, "record of an adopted child: never joined to a record from before"),
    *_PROVENANCE,
))

ADDRESS = Table("address", (
    *_SOURCE,
    ("record_id", _TEXT, "person the address is of"),
    ("text", _TEXT, "address as one line without the postcode"),
    ("postcode", _TEXT, "upper case, one space; null if not one"),
    ("uprn", _TEXT, "without leading zeros"),
    ("type", _TEXT, "home, placement, correspondence or other"),
    ("start", _DATE, "first day"),
    ("end", _DATE, "last day"),
    ("hidden", _FLAG, "the source hides it (placement hidden, all addresses hidden)"),
    *_PROVENANCE,
))

RELATIONSHIP = Table("relationship", (
    *_SOURCE,
    ("row_id", _TEXT, "the source's id of the row, else its line"),
    ("from_record", _TEXT, "A: (A) is the CODE of (B)"),
    ("code", _TEXT, "code of graph/vocabulary.csv, already in canonical direction"),
    ("to_record", _TEXT, "B"),
    ("start", _DATE, "first day"),
    ("end", _DATE, "last day"),
    ("parental_responsibility", _TEXT, "Y, N or null"),
    ("is_main_carer", _FLAG, ""),
    ("is_informal_carer", _FLAG, ""),
    ("lives_with", _FLAG, ""),
    ("restricted", _FLAG, "the row, or the placement behind it, is hidden in the source"),
    ("source_code", _TEXT, "code as supplied"),
    ("source_label", _TEXT, "label as supplied"),
    *_PROVENANCE,
))

INVOLVEMENT = Table("involvement", (
    *_SOURCE,
    ("row_id", _TEXT, "the source's id of the spell"),
    ("record_id", _TEXT, "person"),
    ("service_id", _TEXT, "a service declared in source.toml"),
    ("kind", _TEXT, "what the spell is, in plain words"),
    ("status", _TEXT, "open or closed"),
    ("start", _DATE, ""),
    ("end", _DATE, ""),
    ("end_reason", _TEXT, ""),
    ("team", _TEXT, ""),
    ("role", _TEXT, ""),
    ("lead_professional", _FLAG, ""),
    ("organisation", _TEXT, "organisation's name"),
    ("worker_id", _TEXT, "practitioner in the same source"),
    ("allocated", _FLAG, "the worker is the allocated case worker: makes the caseload"),
    *_PROVENANCE,
))

PRACTITIONER = Table("practitioner", (
    *_SOURCE,
    ("worker_id", _TEXT, ""),
    ("name", _TEXT, ""),
    ("role", _TEXT, ""),
    ("team", _TEXT, ""),
    ("organisation", _TEXT, ""),
    ("phone", _TEXT, ""),
    ("email", _TEXT, ""),
    *_PROVENANCE,
))

PLAN = Table("plan", (
    *_SOURCE,
    ("row_id", _TEXT, "the source's id of the plan"),
    ("record_id", _TEXT, "person"),
    ("service_id", _TEXT, "a service declared in source.toml"),
    ("kind", _TEXT, "early help, child in need, child protection, care, pathway, EHC, youth justice, court order, "
                    "adult care or assessment"),
    ("status", _TEXT, "open or closed"),
    ("start", _DATE, ""),
    ("end", _DATE, ""),
    ("needs", _TEXTS, "coded needs in plain words"),
    ("legal_status", _TEXT, "legal status in plain words"),
    ("placement", _TEXT, "kind of placement in plain words"),
    ("author", _TEXT, "author's name"),
    ("author_email", _TEXT, ""),
    *_PROVENANCE,
))

EVENT = Table("event", (
    *_SOURCE,
    ("row_id", _TEXT, "the source's id of the event"),
    ("record_id", _TEXT, "person it happened to"),
    ("service_id", _TEXT, "a service declared in source.toml"),
    ("kind", _TEXT, "what it is, in plain words, e.g. missing episode"),
    ("on", _DATE, "day it happened or began"),
    ("until", _DATE, "last day, where it lasted"),
    ("detail", _TEXT, "coded detail in plain words, never a case note"),
    ("tone", _TEXT, "concern, neutral or protective"),
    *_PROVENANCE,
))

PLACE_FACT = Table("place_fact", (
    *_SOURCE,
    ("row_id", _TEXT, "the source's id of the fact"),
    ("service_id", _TEXT, "a service declared in source.toml"),
    ("text", _TEXT, "address as one line without the postcode"),
    ("postcode", _TEXT, "upper case, one space; null if not one"),
    ("uprn", _TEXT, "without leading zeros"),
    ("kind", _TEXT, "what it is, in plain words"),
    ("on", _DATE, "day it holds from"),
    ("until", _DATE, "last day, where it ended"),
    ("detail", _TEXT, "coded detail in plain words"),
    ("tone", _TEXT, "concern, neutral or protective"),
    *_PROVENANCE,
))

EXCLUSION = Table("exclusion", (
    *_SOURCE,
    ("row_id", _TEXT, "the source's id of the exclusion, else its line"),
    ("record_id", _TEXT, "person who may not be seen"),
    ("viewer", _TEXT, "the user name, worker id or e-mail address of who may not see them, in small letters"),
    ("until", _DATE, "last day it holds"),
    *_PROVENANCE,
))

ORGANISATION = Table("organisation", (
    *_SOURCE,
    ("organisation_id", _TEXT, ""),
    ("name", _TEXT, ""),
    ("kind", _TEXT, "school, GP practice, ..."),
    ("phone", _TEXT, ""),
    ("email", _TEXT, ""),
    *_PROVENANCE,
))
# fmt: on


def columns(**types: pa.DataType) -> pa.Schema:
    """An Arrow schema, a column a keyword."""
    return pa.schema(list(types.items()))


TABLES = {
    table.name: table
    for table in (
        PERSON, ADDRESS, RELATIONSHIP, INVOLVEMENT, PLAN, EVENT, PLACE_FACT, EXCLUSION, PRACTITIONER, ORGANISATION,
    )
}  # fmt: skip
