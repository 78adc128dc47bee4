"""eTAF (team around the family) extracts."""
