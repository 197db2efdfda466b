"""Whether a file names somebody: a portfolio is a copy of texts that people wrote, so an erasure looks into it."""

import io
import zipfile
from collections.abc import Callable


def names(content: bytes, stands_in: Callable[[str], bool]) -> bool:
    """Whether somebody stands in a text of a portfolio.

    Only JSON is read: page and document say nothing that is not in there. Reports as they were kept hold aggregates.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        texts = (name for name in file.namelist() if name.endswith(".json") and ".kept." not in name)
        return any(stands_in(file.read(name).decode()) for name in texts)
