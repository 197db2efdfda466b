"""Identifiers: UUIDv7, made by the application, so that rows sort by creation and no statement is volatile."""

from uuid import UUID

import uuid_utils.compat


def new_id() -> UUID:
    """A new time-ordered identifier (RFC 9562, version 7)."""
    return uuid_utils.compat.uuid7()
