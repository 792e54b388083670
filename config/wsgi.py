"""The door for granian."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db.backends.signals import connection_created

from opora.shared.console import born_to_stay

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# A page asks many small questions while others do the same: neither compiling one nor giving it a second core pays.
PAGES = "SET jit = off; SET max_parallel_workers_per_gather = 0"


def answer_pages(connection: object, **_: object) -> None:
    """Tell a new connection of a web process what it is for; workers and commands keep the settings of the server."""
    with connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(PAGES)


connection_created.connect(answer_pages)
with born_to_stay():  # a search for cycles among all of it would hold a page up for a seventh of a second
    application = get_wsgi_application()
    import_module(settings.ROOT_URLCONF)  # views, forms and what they need, before the first page asks for them
