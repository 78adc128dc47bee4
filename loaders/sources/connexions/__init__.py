"""Connexions-type extracts: young people and their careers or youth support advisers."""
