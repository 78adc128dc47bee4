"""Tests. Nothing imports this package."""
