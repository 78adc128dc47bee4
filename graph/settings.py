"""Every setting of the program, read once from the environment (prefix `FNX_`) or a `.env` file."""

from enum import StrEnum
from functools import cached_property
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from graph.classes import VisibilityClass
from graph.errors import UsageError


class Journey(StrEnum):
    """Which of the two councils' journeys the pages follow."""

    LEEDS = "leeds"
    STOCKPORT = "stockport"


class SearchBy(StrEnum):
    """What a Leeds user may type to find a child on their caseload."""

    NAME_DOB = "name_dob"
    CASE_ID = "case_id"
    EITHER = "either"


class CaseSystem(StrEnum):
    """The case management system whose links make the Leeds family unit."""

    MOSAIC = "mosaic"
    LCS = "lcs"


class Settings(BaseSettings):
    """The settings table. A default is allowed only where it is right for a council's first evening with the tool."""

    model_config = SettingsConfigDict(env_prefix="FNX_", env_file=".env", extra="ignore", frozen=True)

    data: Path = Field(Path("data"), description="Data folder: builds, engine, users and audit log.")
    port: int = Field(8000, ge=1, le=65535, description="TCP port of the web server.")
    host: str = Field("127.0.0.1", description="Address the web server binds to. Demo mode allows loopback only.")
    graph_url: str = Field(
        "embedded", description="`embedded`, or the `neo4j://` or `bolt://` address of a Neo4j server."
    )
    graph_url_standard: str = Field(
        "", description="A Neo4j server for the standard graphs alone. Empty: `FNX_GRAPH_URL`."
    )
    graph_url_sensitive: str = Field(
        "", description="A Neo4j server for the sensitive graphs alone. Empty: `FNX_GRAPH_URL`."
    )
    graph_url_shield: str = Field("", description="A Neo4j server for the shield graphs alone. Empty: `FNX_GRAPH_URL`.")
    graph_url_research: str = Field(
        "", description="A Neo4j server for the research graphs alone. Empty: `FNX_GRAPH_URL`."
    )
    graph_user: str = Field("neo4j", description="User name at the Neo4j server.")
    graph_password: SecretStr = Field(SecretStr(""), description="Password at the Neo4j server.")
    journey: Journey = Field(
        Journey.LEEDS, description="`leeds`: linked family unit. `stockport`: search any adult or child."
    )
    search_by: SearchBy = Field(
        SearchBy.EITHER, description="What a Leeds search takes: `name_dob`, `case_id` or `either`."
    )
    cms: CaseSystem = Field(
        CaseSystem.MOSAIC, description="The case management system whose links make the Leeds unit."
    )
    gates: str = Field(
        "", description="Gated sources that are switched on, with commas between, such as `police,probation`."
    )
    sources: Path | None = Field(None, description="Folder of the council's own sources and column maps. Empty: none.")
    people: int = Field(20_000, ge=10, le=1_000_000, description="Size of the demo council, in people.")
    demo: bool = Field(False, description="Demo accounts as buttons on the sign-in page. Loopback only.")
    engine_heap_mb: int = Field(
        2048, ge=256, description="Most heap of the embedded engine, in MiB. Enough for 200,000 people."
    )
    spark: str = Field(
        "local[*]",
        description="Where `flask link --engine spark` works: a Spark master, or `local[*]` for this machine.",
    )
    query_seconds: float = Field(5.0, gt=0, description="Longest time a page's query may run, in seconds.")
    keep_builds: int = Field(2, ge=1, description="How many published builds are kept, the live one included.")
    stale_days: int = Field(8, ge=1, description="Age in days after which a source's facts are shown as stale.")
    council_name: str = Field("Example Council", description="The council's name in the page header.")

    @cached_property
    def open_gates(self) -> frozenset[str]:
        """Names of the gates that are switched on."""
        return frozenset(name for part in self.gates.split(",") if (name := part.strip()))

    @cached_property
    def embedded(self) -> bool:
        """Whether the program runs its own engine."""
        return self.graph_url == "embedded"

    def graph_url_for(self, cls: VisibilityClass) -> str:
        """Address of the Neo4j server that holds a class's graphs."""
        own = {
            VisibilityClass.STANDARD: self.graph_url_standard,
            VisibilityClass.SENSITIVE: self.graph_url_sensitive,
            VisibilityClass.SHIELD: self.graph_url_shield,
            VisibilityClass.RESEARCH: self.graph_url_research,
        }
        return own[cls] or self.graph_url


def load_settings() -> Settings:
    """The settings of this process.

    Raises UsageError naming every setting that is wrong, without repeating the values given.
    """
    try:
        return Settings()
    except ValidationError as error:
        lines = [f"FNX_{'_'.join(map(str, fault['loc'])).upper()}: {fault['msg']}" for fault in error.errors()]
        raise UsageError("These settings cannot be used:\n" + "\n".join(lines)) from None
