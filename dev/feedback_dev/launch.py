"""Becomes another program that ends when its parent does: ``launch.py PARENT_PID SIGNAL USER PROGRAM [ARGUMENT...]``.

Run by path with ``python -I -S``: a process of one thread, where it is safe to do between fork and exec what must
not be done after a fork of a program with threads. ``USER`` is ``-`` to stay the same user; otherwise root becomes it.
"""

import ctypes
import os
import pwd
import stat
import sys
from pathlib import Path

_SET_PARENT_DEATH_SIGNAL = 1
_SET_KEEP_CAPABILITIES = 8
_SET_SECURE_BITS = 28
_NO_SETUID_FIXUP = 1 << 2
_AMBIENT, _AMBIENT_RAISE = 47, 2
_CAPABILITY_VERSION_3 = 0x20080522
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1, 2


class _Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _Sets(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable")]


def _become(user: str, program: str) -> None:
    """Give up root, for servers that refuse to run as root.

    When a folder closed to others (root's own home, say) is on the way to the program or to where it runs, one
    capability is kept, that of looking into folders: loosening their modes instead would outlive this process.
    """
    entry = pwd.getpwnam(user)
    hidden = not (_open_to_all(Path(program).resolve().parent) and _open_to_all(Path.cwd()))
    libc = ctypes.CDLL(None, use_errno=True)
    if hidden:
        libc.prctl(_SET_KEEP_CAPABILITIES, 1, 0, 0, 0)
        # Else access(2), by which initdb looks for its neighbours, goes by the user alone.
        libc.prctl(_SET_SECURE_BITS, _NO_SETUID_FIXUP, 0, 0, 0)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
    if hidden:
        _keep_looking(libc)


def _open_to_all(folder: Path) -> bool:
    return all(step.stat().st_mode & stat.S_IXOTH for step in (folder, *folder.parents))


def _keep_looking(libc: ctypes.CDLL) -> None:
    # A container without privileges has only the wider of the two.
    for capability in (_CAP_DAC_READ_SEARCH, _CAP_DAC_OVERRIDE):
        header = _Header(_CAPABILITY_VERSION_3, 0)
        bit = 1 << capability
        sets = (_Sets * 2)(_Sets(bit, bit, bit), _Sets(0, 0, 0))
        if libc.capset(ctypes.byref(header), sets) == 0:
            libc.prctl(_AMBIENT, _AMBIENT_RAISE, capability, 0, 0)
            return


def main() -> None:
    """Tie this process to its parent, then become the program."""
    parent, signal, user, program = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
    if user != "-":
        _become(user, program)
    if sys.platform == "linux":
        # After the change of user, which would clear it.
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the parent is gone")
    os.execv(program, sys.argv[4:])  # noqa: S606 - to become it is the point; there is no shell


if __name__ == "__main__":
    main()
