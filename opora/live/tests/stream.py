"""The stream process on the database of the tests, for pages in a browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings as used
from django.db import connection

from opora.live.tests.house import House, free_port


@contextmanager
def streaming(settings: Any) -> Iterator[House]:
    """Start it and let pages connect; news are committed by connections of their own."""
    known = connection.get_connection_params()
    address = f"postgresql://{known['user']}:{known['password']}@{known['host']}:{known['port']}/{known['dbname']}"
    house = House(address, free_port(), secret=used.SECRET_KEY)
    settings.LIVE_PORT = house.port
    settings.SECURE_CSP = settings.SECURE_CSP | {"connect-src": ["'self'", f"http://127.0.0.1:{house.port}"]}
    try:
        house.start()
        yield house
    finally:
        if house.process and house.process.poll() is None:
            house.end()
        with psycopg.connect(address, autocommit=True) as trusted:
            trusted.execute("DELETE FROM live_kept")
