"""CAMHS extracts, in the shape of the Mental Health Services Data Set."""
