"""NHS extracts: demographics in the shape of the Personal Demographics Service, and who is involved."""
