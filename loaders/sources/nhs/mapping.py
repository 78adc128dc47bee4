"""NHS extracts to standard rows, split by job: patients, the people named as their contacts, and who is involved."""

from loaders.sources.nhs.contacts import related_persons
from loaders.sources.nhs.involvement import health_involvement
from loaders.sources.nhs.patients import pds_demographics

__all__ = ["health_involvement", "pds_demographics", "related_persons"]
