"""Python's collector of cyclic garbage: off for the start, on ever after, and never busy with what stays anyway."""

from __future__ import annotations

import gc


def collect_from_now() -> None:
    """Collect again, from now on for good, but leave alone what there is by now; nothing changes where it was on."""
    if not gc.isenabled():
        spare_what_there_is()
        gc.enable()


def spare_what_there_is() -> None:
    """Do not look again at any object that there is now: the more are looked at, the longer a key waits meanwhile.

    They are freed as before when nothing refers to them. Only rings of objects that are garbage now, or become garbage
    later, are kept for good: so this is for a start, and not for what is done again and again.
    """
    gc.freeze()
