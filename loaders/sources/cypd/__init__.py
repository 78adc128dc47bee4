"""CYPD, a council's own database of children and young people in education."""
