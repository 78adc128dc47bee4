"""Any list a council keeps of people: a neutral layout, to be used with a column map."""
