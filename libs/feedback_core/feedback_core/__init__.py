"""The domain of the feedback service: one folder per capability, lowest first; each imports only those below it."""

from feedback_core.kit.arithmetic import calculate_in_one_thread

# Before anything here imports NumPy.
calculate_in_one_thread()
