"""The graph's schema as data: every kind of node and edge, its properties, what they mean and how sensitive they are.

Constraints, bulk writes, visibility classes, the data dictionary and tests are generated from this table. It holds no
logic beyond look-ups, and nothing may write a property that is not named here.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The type of a property's value. A `DATE` is a calendar day; a `TEXTS` is a list of texts."""

    TEXT = "text"
    DATE = "date"
    FLAG = "flag"
    NUMBER = "number"
    TEXTS = "texts"


class Sensitivity(StrEnum):
    """What a property would give away. `research` graphs hold only `OPEN` ones; a shielded person's are listed in
    `SHIELDED_PERSON`.
    """

    OPEN = "open"
    NAME = "name"
    BIRTH = "birth"
    IDENTIFIER = "identifier"
    LOCATION = "location"
    CONTACT = "contact"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Property:
    """One fact a node or an edge may carry."""

    name: str
    kind: Kind
    description: str
    sensitivity: Sensitivity = Sensitivity.OPEN
    indexed: bool = False


@dataclass(frozen=True, slots=True)
class NodeKind:
    """A label, the property that names one node of it, and its other properties."""

    label: str
    key: str
    description: str
    properties: tuple[Property, ...]


@dataclass(frozen=True, slots=True)
class EdgeKind:
    """A relationship type between two labels."""

    type: str
    ends: tuple[tuple[str, str], ...]
    description: str
    properties: tuple[Property, ...]


def _text(name: str, description: str, sensitivity: Sensitivity = Sensitivity.OPEN, indexed: bool = False) -> Property:
    return Property(name, Kind.TEXT, description, sensitivity, indexed)


def _date(name: str, description: str, sensitivity: Sensitivity = Sensitivity.OPEN) -> Property:
    return Property(name, Kind.DATE, description, sensitivity)


def _flag(name: str, description: str) -> Property:
    return Property(name, Kind.FLAG, description)


PROVENANCE = (
    _text("source", "The source system that says so."),
    _text("source_row", "File and line of the extract it came from.", Sensitivity.IDENTIFIER),
    _date("extracted_on", "Day the extract was taken."),
    _date("updated_on", "Day the source last changed it, where the source says."),
)
"""Carried by every node and edge: who said so, where, and how fresh it is."""

_S = Sensitivity

# fmt: off
# One property a line and one kind a block: this is read as a table.
NODES: tuple[NodeKind, ...] = (
    NodeKind("Person", "person_id", "One human being, joined from source records.", (
        _text("person_id", "Our own random id, stable from night to night.", _S.IDENTIFIER),
        _text("forename", "First name shown: that of the record judged most current.", _S.NAME),
        _text("middle_names", "Middle names.", _S.NAME),
        _text("surname", "Family name shown.", _S.NAME),
        _text("known_as", "Preferred name where it differs.", _S.NAME),
        Property("other_names", Kind.TEXTS, "Former names, aliases and other spellings on record.", _S.NAME),
        _text("sex", "M, F or U (unknown), as recorded."),
        Property("dob", Kind.DATE, "Date of birth, or the expected date of an unborn child.", _S.BIRTH, indexed=True),
        _flag("dob_estimated", "The date of birth is an estimate."),
        _text("birth_month", "Year and month of birth, as 2012-05."),
        _date("dod", "Date of death.", _S.BIRTH),
        _text("status", "alive, unborn, miscarried, stillborn or deceased."),
        _flag("shielded", "A restriction applies to this person."),
        _text("pr_holder", "Shielded people only: name of one holder of parental responsibility.", _S.NAME),
        _flag("sensitive_involved", "A further service is involved: ask the broker."),
    )),
    NodeKind("Record", "record_key", "One source system's record of a person, as supplied.", (
        _text("record_key", "source and record id, joined by a colon.", _S.IDENTIFIER),
        _text("record_id", "The source's own id for the person.", _S.IDENTIFIER, indexed=True),
        _text("forename", "First name as supplied.", _S.NAME),
        _text("middle_names", "Middle names as supplied.", _S.NAME),
        _text("surname", "Family name as supplied.", _S.NAME),
        _text("known_as", "Preferred name as supplied.", _S.NAME),
        Property("other_names", Kind.TEXTS, "Former names and aliases as supplied.", _S.NAME),
        _text("sex", "M, F or U, as supplied."),
        _date("dob", "Date of birth as supplied.", _S.BIRTH),
        _flag("dob_estimated", "The source marks the date of birth as an estimate."),
        _date("dod", "Date of death as supplied.", _S.BIRTH),
        _text("nhs_number", "NHS number, ten digits.", _S.IDENTIFIER),
        _text("upn", "Unique pupil number.", _S.IDENTIFIER),
        _text("uln", "Unique learner number.", _S.IDENTIFIER),
        _text("llid", "Liquidlogic id.", _S.IDENTIFIER),
        _text("pnc", "Police National Computer id.", _S.IDENTIFIER),
    )),
    NodeKind("Address", "address_id", "One place: its UPRN where known, else normalised text and postcode.", (
        _text("address_id", "Our own id of the place.", _S.LOCATION),
        _text("text", "The address as one line.", _S.LOCATION),
        _text("postcode", "Postcode, upper case with one space.", _S.LOCATION),
        _text("uprn", "Unique property reference number.", _S.LOCATION),
        Property("residents", Kind.NUMBER, "How many people of this graph have lived there."),
        _flag("communal", "A hostel, school, hospital or refuge: it never links people."),
    )),
    NodeKind("Service", "service_id", "A service of the council or a partner.", (
        _text("service_id", "Short name of the service."),
        _text("title", "Name of the service as shown."),
        _flag("sensitive", "Sexual health, mental health or substance use."),
    )),
    NodeKind("Involvement", "involvement_id", "One spell of a service with a person.", (
        _text("involvement_id", "Source and row id of the spell.", _S.IDENTIFIER),
        _text("kind", "What the spell is, in the source's words made plain.", _S.SERVICE),
        _text("status", "open or closed."),
        _date("start", "First day."),
        _date("end", "Last day; none while open."),
        _text("end_reason", "Why it ended, in the source's words.", _S.SERVICE),
        _text("team", "Team that holds it.", _S.LOCATION),
        _text("role", "Role of the worker in it."),
        _flag("lead_professional", "The worker leads for this person."),
        _flag("allocated", "The worker is the allocated case worker: this makes the caseload."),
        _text("organisation", "Organisation that provides it.", _S.LOCATION),
    )),
    NodeKind("Plan", "plan_id", "A plan, assessment or order.", (
        _text("plan_id", "Source and row id of the plan.", _S.IDENTIFIER),
        _text("kind", "early help, child in need, child protection, care, pathway, EHC, youth justice, court order, "
                      "adult care or assessment."),
        _text("status", "open or closed."),
        _date("start", "First day."),
        _date("end", "Last day; none while open."),
        Property("needs", Kind.TEXTS, "Coded needs in plain words.", _S.SERVICE),
        _text("legal_status", "Legal status in plain words.", _S.SERVICE),
        _text("placement", "Kind of placement; none where the person's placement is hidden.", _S.LOCATION),
        _text("author", "Author's name.", _S.CONTACT),
        _text("author_email", "Author's e-mail address.", _S.CONTACT),
    )),
    NodeKind("Practitioner", "practitioner_id", "A worker.", (
        _text("practitioner_id", "Source and the worker's id there.", _S.CONTACT),
        _text("name", "Name.", _S.CONTACT),
        _text("role", "Job title."),
        _text("team", "Team.", _S.LOCATION),
        _text("organisation_name", "Organisation.", _S.LOCATION),
        _text("phone", "Telephone.", _S.CONTACT),
        _text("email", "E-mail address.", _S.CONTACT),
    )),
    NodeKind("Organisation", "organisation_id", "A school, GP practice, housing association or police area.", (
        _text("organisation_id", "Source and the organisation's id there.", _S.LOCATION),
        _text("name", "Name.", _S.LOCATION),
        _text("kind", "school, GP practice, housing association, police area or other."),
        _text("phone", "Telephone.", _S.CONTACT),
        _text("email", "E-mail address.", _S.CONTACT),
    )),
    NodeKind("Event", "event_id", "A dated fact, about a person or about a place.", (
        _text("event_id", "Source and row id of the event.", _S.IDENTIFIER),
        _text("kind", "What it is, in plain words: missing episode, suspension, police notification, session attended, "
                      "rent arrears."),
        _date("on", "Day it happened or began."),
        _date("until", "Last day, where it lasted."),
        _text("detail", "Coded detail in plain words.", _S.SERVICE),
        _text("tone", "concern, neutral or protective."),
    )),
)

EDGES: tuple[EdgeKind, ...] = (
    EdgeKind("RELATED_TO", (("Person", "Person"),),
             'Read "(A) is the CODE of (B)". One edge per source, pair, code and start.', (
        _text("code", "Code of the relationship vocabulary."),
        _date("start", "First day, where recorded."),
        _date("end", "Last day, where it has ended."),
        _text("parental_responsibility", "Y, N or empty (not recorded). Never inferred from the code."),
        _flag("is_main_carer", "A is B's main carer."),
        _flag("lives_with", "The source says the two live together."),
        _text("zygosity", "Twins only: identical, fraternal or unknown."),
        _text("basis", "asserted by a source, or derived by us."),
        _text("derived_from", "Derived only: what it came from.", _S.IDENTIFIER),
        _text("source_label", "The source's own words for it."),
    )),
    EdgeKind("LIVED_AT", (("Person", "Address"),), "Residence, as one source says.", (
        _date("start", "First day, where recorded."),
        _date("end", "Last day, where it has ended."),
        _text("type", "home, placement, correspondence or other."),
    )),
    EdgeKind("HAD", (("Person", "Involvement"), ("Person", "Plan")), "The person's spell of a service, or plan.", ()),
    EdgeKind("HAPPENED_TO", (("Event", "Person"),), "Whom the event concerns.", ()),
    EdgeKind("HAPPENED_AT", (("Event", "Address"),), "The place a fact is about; it is about nobody who lives there.",
             ()),
    EdgeKind("OF", (("Involvement", "Service"), ("Plan", "Service"), ("Event", "Service")),
             "The service it belongs to.", ()),
    EdgeKind("LED_BY", (("Involvement", "Practitioner"),), "The worker.", (
        _date("start", "First day."),
        _date("end", "Last day; none while it lasts."),
    )),
    EdgeKind("WORKS_FOR", (("Practitioner", "Organisation"),), "The worker's organisation.", ()),
    EdgeKind("RECORDED_AS", (("Person", "Record"),), "Which records were judged to be this person.", (
        _text("match_basis", "Why: only record, shared identifier, scored match, or decided by a person."),
        Property("probability", Kind.NUMBER, "Match probability, 0 to 1."),
    )),
)

# fmt: on

SHIELDED_PERSON = frozenset({"person_id", "forename", "surname", "sex", "dob", "shielded", "pr_holder"})
"""All that `standard` and `sensitive` graphs hold of a shielded person (2006 Information Sharing Index practice)."""


def node_kind(label: str) -> NodeKind:
    """The node kind of that label. Raises KeyError if there is none."""
    return _NODES[label]


def edge_kind(type_: str) -> EdgeKind:
    """The edge kind of that type. Raises KeyError if there is none."""
    return _EDGES[type_]


def all_properties(kind: NodeKind | EdgeKind) -> tuple[Property, ...]:
    """A kind's own properties and the provenance every node and edge carries."""
    return kind.properties + PROVENANCE


_NODES = {kind.label: kind for kind in NODES}
_EDGES = {kind.type: kind for kind in EDGES}
