"""Ctrl-C: the first lets what is running come to a stop that can be resumed, the second ends at once."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType

from ossicle.cli.failures import INTERRUPTED

_SHOW_CURSOR = b"\x1b[?25h"
_STOPPING = b"\r\nossicle: stopping; Ctrl-C again ends it at once\r\n"


@contextmanager
def cancelled_by_ctrl_c() -> Iterator[Event]:
    """Return an event that the first Ctrl-C sets; inside, it raises nothing."""
    cancel = Event()

    def stop(number: int, frame: FrameType | None) -> None:
        # os.write, since a print may be under way in the very thread that this interrupts.
        is_terminal = sys.stderr.isatty()
        if cancel.is_set():
            os.write(2, _SHOW_CURSOR if is_terminal else b"")  # a bar has hidden it
            os._exit(INTERRUPTED)
        cancel.set()
        os.write(2, _STOPPING if is_terminal else b"")

    if threading.current_thread() is not threading.main_thread():
        yield cancel  # signals are the main thread's
        return
    before = signal.signal(signal.SIGINT, stop)
    try:
        yield cancel
    finally:
        signal.signal(signal.SIGINT, before)
