"""An edition as JSON: all that it says, with charts as Vega-Lite specifications."""

import json

from feedback_core.reports.model import Edition


def json_of(edition: Edition) -> bytes:
    """The document, indented for people, with the fingerprint of what it says."""
    said = {**edition.document(), "content_sha256": edition.sha256()}
    return (json.dumps(said, ensure_ascii=False, allow_nan=False, indent=2) + "\n").encode()
