"""DWP extracts: facts about addresses, never about people."""
