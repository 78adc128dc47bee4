"""Liquidlogic Early Help Module (EHM) extracts."""
