"""The door of the stream process for granian: no Django, only the settings it needs."""

import resource

from config import environment
from opora.live.stream import Rules, Stream

ROOM_FOR_MORE = 500  # files and sockets besides those of browsers


def application() -> Stream:
    """Return the application, and take as many open files as the system lets this process have."""
    env = environment.read()
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
