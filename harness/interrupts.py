"""What ends a run from outside: SIGTERM (a CI system, `docker stop`) and SIGHUP (a terminal that
closes) end it as Ctrl-C does, so that what was started is stopped. May import nothing of the
project.
"""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_ALIKE = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def like_ctrl_c() -> Iterator[None]:
    """While it is open these signals raise KeyboardInterrupt in the main thread.

    In another thread it does nothing: signals are the main thread's. One that is ignored, as
    under nohup, stays so.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in _ALIKE}
    for number, handler in before.items():
        if handler == signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def told_by_socket() -> Iterator[socket.socket]:
    """While it is open, Ctrl-C and these signals can be read from this socket, and raise nothing.

    So a thread that waits for something else need not be woken, which can fail. Outside of the
    main thread it does nothing. A signal that is ignored stays so.
    """
    told, tells = socket.socketpair()
    with told, tells:
        if threading.current_thread() is not threading.main_thread():
            yield told
            return
        tells.setblocking(False)
        before = {number: signal.getsignal(number) for number in (signal.SIGINT, *_ALIKE)}
        woken = signal.set_wakeup_fd(tells.fileno(), warn_on_full_buffer=False)
        for number, handler in before.items():
            if handler != signal.SIG_IGN:
                signal.signal(number, lambda _number, _frame: None)
        try:
            yield told
        finally:
            signal.set_wakeup_fd(woken)
            for number, handler in before.items():
                signal.signal(number, handler)
