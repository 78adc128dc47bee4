"""School census extracts."""
