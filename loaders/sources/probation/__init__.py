"""Probation (nDelius): people supervised, who may not be seen by whom. Gated."""
