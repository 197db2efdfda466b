"""The garbage collector of a process that serves: what the start has made stays, and young objects are many."""

import gc
from typing import Final

_YOUNG: Final = 20_000
"""Objects made before the collector looks; a batch of a thousand responses makes some more, and frees them itself."""


def settle_collector() -> None:
    """Leave alone what is there by now, and look less often; called once, when a process has started.

    The collector only finds cycles, of which requests and jobs make few. With its usual threshold of 700 it walks
    through all modules again and again: half of the time that a batch takes.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 10, 10)
