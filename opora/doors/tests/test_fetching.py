"""A look by every door: one that cannot be read is told of, those behind it are read."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as configured

from opora.doors import services
from opora.doors.models import Door, Message
from opora.doors.ports import Take
from opora.doors.shapes import Incoming

SECRET = "тайна-ящика"


class Way:
    """A door of tests: what is set wrong at Alfa's makes its library fail with the password in its hands."""

    def fetch(self, door: Door, take: Take) -> int:
        if door.slug == "quick":
            SECRET.encode("ascii")
        take(Incoming(f"{door.pk}", "polina@example.ru", "Как получить полис?"))
        return 1


@pytest.fixture
def two(settings: Any, doors: SimpleNamespace) -> SimpleNamespace:
    settings.PORTS = {**configured.PORTS, "doors.site": f"{__name__}.Way"}
    doors.site.delete()
    return doors


def test_one_broken_door_stops_none_behind_it(
    two: SimpleNamespace, signed_in: Callable[[str], Any], caplog: Any, capsys: Any
) -> None:
    assert two.quick.pk < two.beta.pk
    assert services.fetch_all() == 1
    assert Message.objects.get().door == two.beta
    two.quick.refresh_from_db()
    two.beta.refresh_from_db()
    assert "сбой программы" in two.quick.trouble
    assert (two.beta.trouble, two.beta.looked_at is not None) == ("", True)
    logged = caplog.text + "".join(capsys.readouterr())
    assert "doors.fetch_failed" in logged
    assert SECRET not in logged


def test_a_look_from_the_page_says_what_is_wrong(two: SimpleNamespace, signed_in: Callable[[str], Any]) -> None:
    page = signed_in("alfa_admin").post(f"/doors/settings/{two.quick.pk}/look/", follow=True)
    assert page.status_code == 200
    assert "сбой программы" in page.content.decode()
