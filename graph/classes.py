"""The visibility classes: which graph a reader opens. Each is built as a graph of its own (design, section 6)."""

from enum import StrEnum


class VisibilityClass(StrEnum):
    """What a reader of this class may see is all that their graph holds."""

    STANDARD = "standard"
    SENSITIVE = "sensitive"
    SHIELD = "shield"
    RESEARCH = "research"
