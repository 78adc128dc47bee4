"""Cleaning of single values: names, dates, identifiers and addresses. Pure functions; nothing here knows a source."""
