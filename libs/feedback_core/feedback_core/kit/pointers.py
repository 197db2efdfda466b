"""JSON pointers (RFC 6901) to what a fault is about."""


def step(key: object) -> str:
    """One step of a pointer, slash included, with ``~`` and ``/`` escaped."""
    return "/" + printable(str(key).replace("~", "~0").replace("/", "~1"))


def printable(text: str) -> str:
    """A caller's text as it can be repeated in a problem: lone surrogates, which UTF-8 lacks, become question marks."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
