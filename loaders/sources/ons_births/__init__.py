"""Birth registrations as the Office for National Statistics passes them on."""
