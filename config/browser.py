"""A pytest plugin: a real browser against the real program, in the transaction of the test.

    @pytest.mark.browser
    def test_desk(page, site, signed_in_browser):
        signed_in_browser("alina")
        page.goto(site + "/")

Loaded by ``-p config.browser``. ``site`` answers from a thread that shares the connection of the test, so rows made by
fixtures are seen and everything is rolled back. A script error or a breach of the content security policy fails the
test.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache, wraps
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WHOLE = ("chromium", "chromium-browser", "google-chrome")
WITHOUT_WINDOWS = ("chromium-headless-shell", *WHOLE)
SIGN_IN_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def chromium(names: Iterable[str] = WITHOUT_WINDOWS) -> str | None:
    """Return a browser of this machine, one without windows first: it takes a third less of a processor.

    None — the one Playwright has brought.
    """
    return next(filter(None, map(shutil.which, names)), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give a test of the browser one second chance: Chromium and the machine under it have moods, we have none.

    What has passed on its second run is listed at the end of the run (``RERUN``), so that it is seen and looked into.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="module")
def browser_flags() -> list[str]:
    """More flags for the browser of a file of tests; a file that wants some has this fixture of its own."""
    return []


@pytest.fixture(scope="module")
def browser_path() -> str | None:
    """The program of the browser; a file that wants a whole one has this fixture of its own."""
    return chromium()


@pytest.fixture(scope="module")
def browser(browser_path: str | None, browser_flags: list[str]) -> Iterator[Browser]:
    """One Chromium for a file of tests; not for the whole run: its loop would stand in the way of asyncio.run."""
    from django.db import connections

    # Playwright's loop runs in this thread. Django would refuse the database here, and look for connections elsewhere.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    opened = {alias: connections[alias] for alias in connections}
    with sync_playwright() as playwright:
        for alias, connection in opened.items():
            connections[alias] = connection
        started = playwright.chromium.launch(executable_path=browser_path, args=[*FLAGS, *browser_flags])
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh window of 1280 × 800 without cookies."""
    faults: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="ru-RU", timezone_id="Europe/Moscow")
    context.set_default_timeout(10_000)
    window = context.new_page()
    window.on("pageerror", lambda error: faults.append(str(error)))
    window.on("console", lambda message: faults.extend(breach(message)))
    yield window
    context.close()
    if faults:
        pytest.fail("\n".join(faults))


@pytest.fixture
def site(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of the program; requests and the test wait for each other, because they share one connection.

    A session saved by the test inside the savepoint of a request would go when that request rolls back.
    """
    from django.core import signals
    from django.core.servers.basehttp import ThreadedWSGIServer
    from django.db import close_old_connections, connections
    from django.db.transaction import Atomic
    from django.test.testcases import QuietWSGIRequestHandler

    class Server(ThreadedWSGIServer):
        """Threads leave the connection of the test open."""

        def _close_connections(self) -> None:
            pass

    connection = connections["default"]
    connection.ensure_connection()
    connection.inc_thread_sharing()
    monkeypatch.setattr(Atomic, "__enter__", _in_turn(Atomic.__enter__))
    monkeypatch.setattr(Atomic, "__exit__", _in_turn(Atomic.__exit__))
    # As Django's own test client does: a connection inside a transaction would count as broken and be closed.
    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    server: Any = Server(("127.0.0.1", 0), QuietWSGIRequestHandler, connections_override={"default": connection})
    server.daemon_threads = True
    program().is_over = False
    server.set_app(program())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    with connection.execute_wrapper(_ask_in_turn):
        yield f"http://127.0.0.1:{server.server_port}"
        program().end()
    server.shutdown()
    server.server_close()
    thread.join()
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)
    connection.dec_thread_sharing()


@pytest.fixture
def signed_in_browser(page: Page, site: str, cast: Any) -> Callable[[str], Page]:
    """Sign one of the cast in, past the password."""
    from django.test import Client

    def sign_in(login: str) -> Page:
        client = Client()
        with alone():
            client.force_login(getattr(cast, login), backend=SIGN_IN_BACKEND)
        page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
        return page

    return sign_in


def breach(message: ConsoleMessage) -> Iterable[str]:
    """Return what a message of the console says of a breach of the content security policy."""
    return [message.text] if "Content Security Policy" in message.text else []


class OneAtATime:
    """The program for threads that share one connection. A page that is still open asks in vain at the end."""

    def __init__(self, application: Callable[..., Any]) -> None:
        self.application = application
        self.turn = threading.RLock()
        self.is_over = False

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        with self.turn:
            if self.is_over:
                start_response("503 Service Unavailable", [])
                return []
            return self.application(environ, start_response)

    def end(self) -> None:
        """Wait for the answer that is being written, and give no more."""
        with self.turn:
            self.is_over = True


@contextmanager
def alone() -> Iterator[None]:
    """Let a test use its connection while pages that are open may ask: requests wait meanwhile."""
    with program().turn:
        yield


def _in_turn(work: Callable[..., Any]) -> Callable[..., Any]:
    """Begin or end a transaction when no request of another thread is inside one, so that they nest."""

    @wraps(work)
    def alone_at_it(*given: Any) -> Any:
        with program().turn:
            return work(*given)

    return alone_at_it


def _ask_in_turn(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    with program().turn:
        return execute(sql, params, many, context)


@cache
def program() -> OneAtATime:
    """Return the program, put together once: looking through the static files of all packages takes a while."""
    from django.core.handlers.wsgi import WSGIHandler

    return OneAtATime(WSGIHandler())
