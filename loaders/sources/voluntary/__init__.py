"""Voluntary sector lists: who receives what help from whom, with their consent."""
