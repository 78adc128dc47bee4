"""Linking: which records, of one source or several, are one person."""

from loaders.linkage.linking import Linked, link

__all__ = ["Linked", "link"]
