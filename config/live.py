"""The door of the stream process for granian: no Django, only the settings it needs."""

import ctypes
import resource
import signal
import sys

from config import environment
from opora.live.stream import Rules, Stream

DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
ROOM_FOR_MORE = 500  # files and sockets besides those of browsers


def application() -> Stream:
    """Return the application, and take as many open files as the system lets this process have."""
    env = environment.read()
    if sys.platform == "linux":  # left alone by a killed parent, it would keep the port
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    files = 1_000_000 if most == resource.RLIM_INFINITY else most
    return Stream(
        Rules(
            database=env.database_url,
            secret=env.secret_key,
            hosts=tuple({"127.0.0.1", *(name.strip("[]") for name in env.host_list)}),
            most_listeners=max(100, files - ROOM_FOR_MORE),
        )
    )
