"""Whatever is sent to the pages of informing and of channels, nobody sees a breakdown.

What a view reads is found in its module and in the forms there, so a new page is fed from its first day.
"""

import inspect
import re
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.test import Client

from opora.channels.models import Provider
from opora.informing.incoming import Batch, IncomingEntry, Named
from opora.informing.loading import load
from opora.informing.models import Entry, Roll
from opora.informing.services import launch
from opora.informing.tests.crowd import campaign, people, planned
from opora.informing.words import Measure
from tests.house import Address, addresses

ROOMS = ("informing:", "channels:")
GARBAGE = ["-1", "9" * 30, "a\x00b²00000000-0000-0000-0000-00000000000g"]
NASTY = ["a\x00b", "9" * 30]
READ = re.compile(r"""(?:GET|POST)(?:\.get|\.getlist)?[(\[]["'](\w+)["']""")
FINE = {200, 302, 400, 403, 404, 405, 409, 422}
RIGHT = {
    "informing:new": {
        "title": "Осмотры", "measure": "checkup", "year": "2026", "lane": "bulk", "per_day": "100", "channel1": "sms",
        "purpose1": "invite", "purpose2": "remind", "purpose3": "remind", "purpose4": "remind",
        "purpose5": "remind",
    },
    "informing:seal": {"measure": "checkup", "year": "2026"},
    "informing:stop": {"why": "Список отозван"},
    "informing:entry": {"why": "Повтор"},
    "channels:trial": {"to": "79130000001", "text": "Проверка"},
}  # fmt: skip


def names_of(view: Any) -> set[str]:
    """Return the names of everything the module of a view, or a form in it, reads of a request."""
    module = sys.modules[inspect.unwrap(view).__module__]
    made = [one for one in vars(module).values() if isinstance(one, type) and issubclass(one, forms.BaseForm)]
    return set(READ.findall(inspect.getsource(module))).union(*(one.base_fields for one in made))  # type: ignore[attr-defined]


def requests_to(address: Address, insurer: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Everything as one kind of garbage; then, where we know what is right, one wrong thing after another."""
    names = names_of(address.view)
    for garbage in GARBAGE:
        yield "get", dict.fromkeys(names, garbage)
        yield "post", dict.fromkeys(names, garbage)
    right = RIGHT.get(address.name)
    for name in right or ():
        for garbage in NASTY:
            yield "post", {"insurer": insurer, **(right or {}), name: garbage}


@pytest.fixture
def known(place: SimpleNamespace) -> dict[str, dict[str, Any]]:
    """Something that exists for every kind of address."""
    planned(place, people(place, 2))
    made = campaign(place, title="Идёт")
    launch(made.pk, by=None)
    who = Named(surname="Неизвестная", given_name="Анна")
    entries = [IncomingEntry(place=1, key="1", who=who, measure=Measure.CHECKUP, year=2026)]
    load(Batch(entries=entries), organisation=place.alfa, format="test", name="list.csv")
    provider = Provider(
        organisation=place.alfa, slug="http", title="По HTTP", kind="http", channel="sms", settings={"url": "http://x"}
    )
    provider.keep_secrets({"callback_secret": "s3cret"})
    provider.save()
    waits = Entry.objects.get()
    return {
        "informing:roll": {"pk": Roll.objects.get().pk},
        "informing:entry": {"pk": waits.pk},
        "channels:": {"pk": provider.pk, "secret": "s3cret"},
        "informing:": {"pk": made.pk, "round": 1},
    }


@pytest.mark.slow
def test_garbage_breaks_nothing(signed_in: Any, place: SimpleNamespace, known: dict[str, dict[str, Any]]) -> None:
    browsers: dict[str, Client] = {"informing:": signed_in("boris"), "channels:": signed_in("alfa_admin")}
    settles = signed_in("sp2")
    broken = []
    for address in addresses():
        room = next((room for room in ROOMS if address.name.startswith(room)), None)
        if room is None or address.name == "channels:line":  # it calls a provider and reads nothing
            continue
        values = known.get(address.name) or known[room]
        path = address.path(**{name: value for name, value in values.items() if name in address.converters})
        asks = settles if address.right in {"informing:lists", "informing:call"} else browsers[room]
        asks.raise_request_exception = False
        closed = set()
        for method, sent in requests_to(address, place.alfa.pk):
            if method in closed:
                continue
            status = getattr(asks, method)(path, sent).status_code
            closed |= {method} if status == 405 else set()
            if status not in FINE:
                broken.append(f"{status} {method} {path} {sorted(sent.items())!r:.300}")
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("path", ["/informing/{}/", "/informing/1/waves/{}/touches/", "/informing/lists/{}/"])
def test_a_number_no_table_can_hold(signed_in: Any, path: str) -> None:
    assert signed_in("boris").get(path.format("9" * 40)).status_code == 404
