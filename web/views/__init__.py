"""One file per group of pages. Views do not know each other: what they share stands beside them in `web`."""
