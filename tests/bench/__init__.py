"""Benchmarks: what `make bench` measures and prints. Not collected by pytest, and they decide nothing."""
