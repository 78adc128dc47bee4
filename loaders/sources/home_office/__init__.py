"""Home Office extracts: immigration cases of families in the area."""
