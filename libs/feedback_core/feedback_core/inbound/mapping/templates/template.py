"""What a ready-made mapping is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from feedback_core.inbound.mapping.types import InboundMapping
from feedback_core.inbound.types import Preset


@dataclass(frozen=True, slots=True)
class Slot:
    """A question that the mapping answers, by a key that stands for one of the survey's.

    Attributes:
        key: in the mapping; to be replaced where the survey's question has another.
        types: of questions that can take the answers as they are mapped.
    """

    key: str
    types: tuple[str, ...]
    about: str


@dataclass(frozen=True, slots=True)
class MappingTemplate:
    """A ready-made mapping.

    Attributes:
        key: names it.
        presets: of sources that send such payloads.
        about: what is sent, and what is to be set at the sender.
        slots: the questions that it answers.
        document: the mapping as JSON.
        sample: a payload of the kind, made up.
        fetched: what the connector would fetch for it, made up; ``None``: the payload says everything.
        connector: address of what is to be fetched, with the parameters of the mapping; ``None`` likewise.
    """

    key: str
    presets: tuple[Preset, ...]
    title: str
    about: str
    slots: tuple[Slot, ...]
    document: Mapping[str, Any]
    sample: Any
    fetched: Any = None
    connector: str | None = None

    @property
    def mapping(self) -> InboundMapping:
        """The mapping itself."""
        return InboundMapping.from_json(self.document)
