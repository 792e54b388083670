"""The first breath of a loading process. Nothing here may import a model: Django is not set up yet."""

import multiprocessing
import os
import signal
import threading
from multiprocessing.connection import wait


def wake() -> None:
    """Set Django up; what the process is then given to do may import models.

    Ctrl+C is answered by the parent, who lets the blocks under way finish; a parent who was killed takes us with him.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    import django

    django.setup()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
