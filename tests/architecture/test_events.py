"""Every kind of event that can be named in a filter is recorded by something."""

import re

from feedback_core.events.types import EventKind
from tests.architecture.sources import CORE, sources

DEFINED = "libs/feedback_core/feedback_core/events/types.py"


def test_every_kind_of_event_is_recorded_somewhere() -> None:
    used = {
        name
        for source in sources(CORE)
        if source.path != DEFINED
        for name in re.findall(r"\bEventKind\.([A-Z_]+)", source.text)
    }

    assert {kind for kind in EventKind if kind.name not in used} == set()
