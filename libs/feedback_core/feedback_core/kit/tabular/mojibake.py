"""Text in UTF-8 that was once read as Windows-1252: ``EspaÃ±ol`` was ``Español``."""

from collections.abc import Callable


def repairer(*, wanted: bool) -> Callable[[str], str]:
    """Mends text, or leaves it as it is where that is not wanted; text that is sound stays as it is.

    Source: ftfy's ``fix_encoding`` (Speer 2019, doi:10.5281/zenodo.2591652), which mends only what can hardly be meant.
    """
    if not wanted:
        return str
    # Imported when it is wanted: the API maps files but does not read them.
    from ftfy import fix_encoding

    def repair(text: str) -> str:
        return text if text.isascii() else str(fix_encoding(text))

    return repair
