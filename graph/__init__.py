"""What a family network is and how to keep one. Imports nothing else of ours."""
