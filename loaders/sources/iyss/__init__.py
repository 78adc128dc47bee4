"""IYSS, the integrated youth support system: what young people of 16 and more do (CCIS), and youth justice."""
