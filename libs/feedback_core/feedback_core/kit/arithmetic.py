"""How arrays are calculated with: in one thread each, so that the same numbers give the same bytes on any machine."""

import os

_THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS")


def calculate_in_one_thread() -> None:
    """Keep linear algebra from using threads of its own; to be called before anything imports NumPy.

    How a sum is split between threads decides its last digits. And where several processes share few processors,
    threads that wait for each other cost several times what they save. Whoever sets a variable is left to it.
    """
    for name in _THREADS:
        os.environ.setdefault(name, "1")
