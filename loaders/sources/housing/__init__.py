"""NEC (Northgate) Housing extracts."""
