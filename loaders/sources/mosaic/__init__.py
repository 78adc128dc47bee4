"""Mosaic (The Access Group) data mart extracts."""
