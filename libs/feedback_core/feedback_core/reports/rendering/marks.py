"""Where a reader is told what kind of statement follows: once for blocks of the same kind in a row."""

from feedback_core.reports.model import Block, Nature, Section


def marked(section: Section) -> list[tuple[Block, Nature | None]]:
    """Each block with the mark that stands before it, if any."""
    before: Nature | None = None
    told: list[tuple[Block, Nature | None]] = []
    for block in section.blocks:
        told.append((block, None if block.nature is before else block.nature))
        before = block.nature
    return told
