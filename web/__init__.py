"""Pages, sign-in, permissions and audit. Knows nothing of the loaders."""
