"""Liquidlogic Children's System (LCS) extracts."""
