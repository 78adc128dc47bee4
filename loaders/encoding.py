"""Which encoding a text is in, and the same text as UTF-8.

Valid UTF-8 is UTF-8. A byte order mark says UTF-16. Where some lines are not UTF-8 and no line holds a character that
only UTF-8 would write so, the text is Windows-1252; a mixture is refused. Nothing is guessed from the language.
"""

import codecs
import io
from collections.abc import Callable
from typing import Any, BinaryIO

from loaders.reading import FileRefused, Text, lines_of

UTF8, UTF16, WINDOWS = "utf-8", "utf-16", "cp1252"
NAMES = {UTF16: "UTF-16", WINDOWS: "Windows-1252"}
"""Encodings other than the one asked for, in words."""

_BLOCK = 262_144
_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

Opener = Callable[[], BinaryIO]


def encoding_of(text: Text) -> str:
    """The encoding of a text as it stands. Reads all of it. Raises FileRefused for a mixture, naming the line."""
    with text.open() as file:
        decoder = codecs.getincrementaldecoder(UTF8)()
        block = file.read(_BLOCK)
        if block[:2] in _MARKS:
            return UTF16
        try:
            while block:
                decoder.decode(block)
                block = file.read(_BLOCK)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return _by_line(text)
    return UTF8


def _by_line(text: Text) -> str:
    """The encoding of a text that is not UTF-8 throughout, from each of its lines."""
    utf8, other = 0, 0
    for number, content, _ in lines_of(text):
        if content.isascii():
            continue
        if _decodes(content, UTF8):
            utf8 = utf8 or number
        elif not _decodes(content, WINDOWS):
            raise FileRefused(f"line {number} is neither UTF-8 nor Windows-1252. Export it as UTF-8")
        else:
            other = other or number
        if utf8 and other:
            raise FileRefused(
                f"line {other} is not UTF-8 and line {utf8} is: two encodings in one file. Export it as UTF-8"
            )
    return WINDOWS if other else UTF8


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def as_utf8(opener: Opener, encoding: str) -> Opener:
    """The same text, encoded in UTF-8 as it is read."""
    if encoding == UTF8:
        return opener
    return lambda: io.BufferedReader(_Recoded(opener(), encoding), _BLOCK)


class _Recoded(io.RawIOBase):
    """A stream of another encoding, as UTF-8. Raises FileRefused where it cannot be, naming the line."""

    def __init__(self, inner: BinaryIO, encoding: str) -> None:
        self._inner = inner
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._encoding = encoding
        self._waiting = b""
        self._line = 1

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        ended = False
        while not self._waiting and not ended:
            block = self._inner.read(_BLOCK)
            ended = not block
            self._waiting = self._decoded(block, ended)
        given = self._waiting[: len(buffer)]
        buffer[: len(given)] = given
        self._waiting = self._waiting[len(given) :]
        return len(given)

    def _decoded(self, block: bytes, final: bool) -> bytes:
        try:
            text = self._decoder.decode(block, final)
            self._line += text.count("\n")
            return text.encode()
        except UnicodeError:
            name = NAMES[self._encoding]
            raise FileRefused(
                f"what begins on line {self._line} is not {name} throughout. Export it as UTF-8"
            ) from None

    def close(self) -> None:
        self._inner.close()
        super().close()
