"""Capita One, the council's education management system."""
