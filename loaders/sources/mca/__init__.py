"""MCA, the register of universal sessions for children and families."""
