"""The bytes of a file, decompressed and converted to UTF-8."""

import bz2
import codecs
import gzip
import io
import lzma

from ..utils import damages, zstd

_BLOCK = 1 << 18  # bytes, which with all that is made of them fit into a cache
_UNPACKED_FREELY = 1 << 24
_MOST_UNPACKED = 200  # times its size; real models come to less than 20
_XZ_MEMORY = 1 << 28

_OTHER_FORMATS = {
    b"mmap lm http://kheafield.com/code": (
        "a binary file of KenLM, from which the n-grams cannot be had back; read the "
        "ARPA file that build_binary made it of"
    ),
    b"SRILM_BINARY_NGRAM": (
        "a binary file of SRILM; make it an ARPA file with 'ngram -lm FILE -write-lm "
        "NEW'"
    ),
    b"blmt": "a binary file of IRSTLM; make it an ARPA file with 'compile-lm --text=yes'",
    b"Qblmt": (
        "a binary file of IRSTLM with quantized numbers; make an ARPA file of the model "
        "that was quantized"
    ),
    b"iARPA": (
        "an intermediate file of IRSTLM; make it an ARPA file with 'compile-lm "
        "--text=yes'"
    ),
    b"qARPA": (
        "a file of IRSTLM with quantized numbers; make an ARPA file of the model that "
        "was quantized"
    ),
    b"Trie Language Model": (
        "a binary file of CMU Sphinx; make it an ARPA file with 'sphinx_lm_convert'"
    ),
}
"""The first bytes of files of other formats, and the error messages about these."""

_UTF_16 = codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE
_UTF_32 = codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE


class SourceError(ValueError):
    """The file is damaged, in another encoding, or of another format."""


class ByteSource:
    """Reads the bytes of a file, block by block.

    Parameters
    ----------
    path : str or path-like
    encoding : str
        The encoding of the file.
    """

    def __init__(self, path, encoding):
        self._raw = _CountedFile(path)
        self._buffered = io.BufferedReader(self._raw)
        self._n_read = 0
        try:
            self._packing, self._unpacked = _unpacked(self._buffered)
        except BaseException:
            self._buffered.close()
            raise
        self._decoder = None
        if codecs.lookup(encoding).name != "utf-8":
            self._decoder = codecs.getincrementaldecoder(encoding)()
        self.encoding = encoding

    def close(self):
        """Close the file."""
        self._buffered.close()

    def read(self):
        """The next bytes, in UTF-8.

        Returns
        -------
        bytes
            None at the end of the file.

        Raises
        ------
        SourceError
            If they cannot be decompressed or decoded, or the file is of another format.
        """
        at_start = not self._n_read
        while block := self._read_block():
            if at_start:
                self._check_format(block)
            block = self._in_utf8(block, is_last=False)
            if at_start:
                block = block.removeprefix(codecs.BOM_UTF8)
            if block:
                return block
        return self._in_utf8(b"", is_last=True)

    def _read_block(self):
        """The next bytes of the decompressed file."""
        if self._packing is None:
            block = self._unpacked.read(_BLOCK)
            self._n_read += len(block)
            return block
        try:
            block = self._unpacked.read(_BLOCK)
        except damages() as error:
            message = f"what comes after it is no {self._packing} data ({error})"
            raise SourceError(message) from None
        self._n_read += len(block)
        if self._n_read > max(_UNPACKED_FREELY, _MOST_UNPACKED * self._raw.n_read):
            message = f"the file is more than {_MOST_UNPACKED} times as long unpacked"
            raise SourceError(message)
        return block

    def _check_format(self, block):
        """Raise an error if the file begins as one of another format."""
        for start, what in _OTHER_FORMATS.items():
            if block.startswith(start):
                raise SourceError(f"this is {what}")
        if self._decoder is not None:
            return
        if block.startswith(_UTF_32):  # one of which begins as UTF-16 does
            raise SourceError("this is UTF-32; read it with encoding='utf-32'")
        if block.startswith(_UTF_16):
            raise SourceError("this is UTF-16; read it with encoding='utf-16'")
        # One of two bytes is null in letters of ASCII.
        if (block[:8:2] == b"\0" * 4) != (block[1:8:2] == b"\0" * 4):
            raise SourceError(
                "this is no UTF-8; name the encoding, as in encoding='utf-16-le'"
            )

    def _in_utf8(self, block, is_last):
        if self._decoder is None:
            return block
        try:
            return self._decoder.decode(block, is_last).encode()
        except UnicodeError as error:
            reason = getattr(error, "reason", error)
            message = f"what comes after it is not in {self.encoding} ({reason})"
            raise SourceError(message) from None


class _CountedFile(io.FileIO):
    """A file that counts the bytes read."""

    n_read = 0

    def readinto(self, buffer):
        n_bytes = super().readinto(buffer)
        self.n_read += n_bytes
        return n_bytes


class _Unpacker:
    """A file of concatenated compressed streams.

    Parameters
    ----------
    file : file of bytes
    new : callable
        Returns a decompressor of a stream, such as `bz2.BZ2Decompressor`.
    """

    def __init__(self, file, new):
        self._file = file
        self._new = new
        self._stream = new()

    def read(self, size):
        """At most `size` bytes; none at the end."""
        while True:
            packed = b""
            if self._stream.eof:
                rest = self._stream.unused_data.lstrip(b"\0")  # xz may pad with zeros
                packed = rest or self._file.read(_BLOCK)
                if not packed:
                    return b""
                self._stream = self._new()
            elif self._stream.needs_input:
                packed = self._file.read(_BLOCK)
                if not packed:
                    raise EOFError("it ends too early")
            try:
                block = self._stream.decompress(packed, size)
            except (OSError, ValueError) as error:  # of the data, which is in memory
                raise lzma.LZMAError(error) from None
            if block:
                return block


def _unpacked(file):
    """The decompressed form of a file, and whether it was compressed."""
    start = file.peek(6)
    if start.startswith(b"\x1f\x8b"):
        return "gzip", gzip.GzipFile(fileobj=file)
    if start.startswith(b"\xfd7zXZ\0"):
        return "xz", _Unpacker(file, lambda: lzma.LZMADecompressor(memlimit=_XZ_MEMORY))
    if start.startswith(b"BZh") and start[3:4].isdigit():
        return "bzip2", _Unpacker(file, bz2.BZ2Decompressor)
    if start.startswith(b"\x28\xb5\x2f\xfd"):
        return "zstd", _Unpacker(file, zstd().ZstdDecompressor)
    return None, file


def check_encoding(encoding):
    """Raise an error unless Python has this text encoding."""
    try:
        "a".encode(encoding)
    except (LookupError, TypeError, UnicodeError):
        msg = (
            "The 'encoding' parameter of read_arpa must be the name of an encoding of "
            f"text, such as 'utf-8', 'latin-1' or 'utf-16'. Got {encoding!r}."
        )
        raise ValueError(msg) from None
