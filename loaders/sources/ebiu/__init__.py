"""EBIU, the education business intelligence unit: figures about pupils, built on the school census."""
