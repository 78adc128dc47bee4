"""Read, check, link, build, verify, publish: one nightly run, all or nothing."""
