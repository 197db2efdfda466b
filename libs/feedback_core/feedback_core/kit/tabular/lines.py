"""Lines of a text file: decoded, numbered, of bounded length, and marked where they are broken."""

import io
import re
from collections.abc import Callable
from typing import IO, Final, Self

from feedback_core.kit.tabular.table import BrokenRow
from feedback_core.kit.tabular.types import MAX_LINE, Encoding, FileUnreadable, RowCode

MOST_CHARACTERS: Final = 4 * MAX_LINE
"""Characters of one row, which in CSV may run over many lines."""

_SNIFFED: Final = 2**20
_PLAINLY: Final = 10
_UTF_16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
# What cannot be decoded comes as lone surrogates (``surrogateescape``).
_ESCAPED: Final = re.compile("[\udc80-\udcff]")

_BROKEN: Final = BrokenRow(
    RowCode.BROKEN_ENCODING.value, "The row has bytes that are not text in the encoding of the file."
)
_NUL: Final = BrokenRow(RowCode.NUL_CHARACTER.value, "The row holds the character U+0000: leave it out.")


class Lines:
    """The lines of a file, with their ends.

    Attributes:
        number: of the line read last, from 1.
        fault: of the lines read since ``begin_row``; ``None``: they are sound.
    """

    def __init__(self, file: IO[bytes], encoding: Encoding | None) -> None:
        """Begin at the first line.

        Raises:
            FileUnreadable: the beginning of the file is plainly of another encoding.
        """
        encoding = encoding or Encoding.UTF_8
        _check_encoding(file, encoding)
        self._text = io.TextIOWrapper(
            file,
            _CODECS[encoding],
            # UTF-16 has no way to escape; a broken file of it is broken as a whole.
            errors="strict" if encoding is Encoding.UTF_16 else "surrogateescape",
            newline="",
        )
        self._read: Callable[[int], str] = self._text.readline
        self._characters = 0
        self.number = 0
        self.fault: BrokenRow | None = None

    def begin_row(self) -> None:
        """Forget what was wrong with the row before."""
        self.fault = None
        self._characters = 0

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        try:
            line = self._read(MAX_LINE + 1)
        except UnicodeError:
            raise FileUnreadable(f"After line {self.number} the file is not text in its encoding.") from None
        if not line:
            if self._read is not _nothing:
                # Let go of the file, which the wrapper would close with itself.
                self._text.detach()
                self._read = _nothing
            raise StopIteration
        self.number += 1
        self._characters += len(line)
        if len(line) > MAX_LINE:
            raise FileUnreadable(f"Line {self.number} is longer than {MAX_LINE} characters.")
        if self._characters > MOST_CHARACTERS:
            raise FileUnreadable(
                f"The row that ends in line {self.number} is longer than {MOST_CHARACTERS} characters."
            )
        if "\0" in line:
            self.fault = _NUL
        if not line.isascii() and _ESCAPED.search(line):
            self.fault = _BROKEN
        return line


_CODECS: Final = {
    # Passes over a byte order mark, and does not need one.
    Encoding.UTF_8: "utf-8-sig",
    Encoding.UTF_8_SIG: "utf-8-sig",
    Encoding.WINDOWS_1252: "windows-1252",
    Encoding.LATIN_1: "latin-1",
    Encoding.UTF_16: "utf-16",
}


def _check_encoding(file: IO[bytes], encoding: Encoding) -> None:
    """Refuse a file whose beginning is plainly of another encoding than it is said to be.

    Raises:
        FileUnreadable: it has the mark of UTF-16; or no line with letters beyond ASCII can be read, and there are ten.
    """
    beginning = file.read(_SNIFFED)
    file.seek(0)
    if beginning.startswith(_UTF_16_MARKS) and encoding is not Encoding.UTF_16:
        raise FileUnreadable('The file is UTF-16: set encoding to "utf-16".')
    if encoding not in {Encoding.UTF_8, Encoding.UTF_8_SIG}:
        return
    # The last line may be cut in the middle of a character.
    beyond_ascii = [line for line in beginning.split(b"\n")[:-1] if not line.isascii()]
    if len(beyond_ascii) >= _PLAINLY and not any(_is_utf_8(line) for line in beyond_ascii):
        detail = 'The file is not UTF-8: set encoding, to "windows-1252" for one that Windows programs wrote.'
        raise FileUnreadable(detail)


def _nothing(_: int) -> str:
    return ""


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
