"""An invented council: families, homes, services, and the extracts of three source systems with their mistakes.

Everything here is about people who do not exist. Nothing reads a real extract, and nothing in production depends on it.
"""
