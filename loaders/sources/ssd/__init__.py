"""The Standard Safeguarding Dataset, with the people and relationship extracts that it lacks."""
