"""MARAC: cases of high-risk domestic abuse, with victim, perpetrator and children. Gated."""
