"""The network picture: what is in it, where each thing stands, and how it is drawn.

The same request always gives the same picture. Nothing here decides who may be seen.
"""
