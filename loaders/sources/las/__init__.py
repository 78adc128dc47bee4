"""Liquidlogic Adults' Social Care System (LAS, also ACS) extracts."""
