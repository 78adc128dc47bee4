"""From council and partner extracts to linked people and a published graph. Knows nothing of the web."""
