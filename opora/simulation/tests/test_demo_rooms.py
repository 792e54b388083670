"""No room of the demonstration is empty: letters, calls, shifts and posts are there for those who work with them."""

from collections import Counter
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from opora.adapters.mailhouse.process import MailhouseProcess
from opora.doors import services
from opora.doors.models import Delivery, Door, Message, MessageFile, Thread
from opora.doors.words import State
from opora.organisations.models import Employee
from opora.portal.standing import standing
from opora.simulation.demo import LOGINS, ensure_demo
from opora.simulation.demo_boxes import BOXES, lay_letters
from opora.simulation.demo_doors import code_to_look_at, ensure_doors
from opora.staffing import queries
from opora.staffing.models import Line, Shift
from opora.telephony.models import Call, CallBack, CallEvent

pytestmark = pytest.mark.slow
EMPTY = 'class="empty'
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ROOMS = {
    "op1": ("/doors/", "/telephony/", "/posts/"),
    "sp1": ("/doors/", "/telephony/", "/posts/"),
    "supervisor": ("/doors/", "/telephony/", "/telephony/figures/", "/staffing/", "/staffing/together/", "/posts/"),
    "admin": ("/doors/settings/", "/telephony/lines/", "/telephony/figures/", "/staffing/", "/posts/"),
}


@pytest.fixture(scope="module")
def opened(kept: None) -> None:
    ensure_demo(scale=0.05)


@pytest.fixture
def demo(opened: None, system: None) -> None:
    """The demonstration, opened once for all tests of this file."""


def test_no_room_is_empty_for_who_works_in_it(demo: None) -> None:
    seen = {}
    for login, paths in ROOMS.items():
        browser = Client()
        browser.force_login(Employee.objects.get(login=login), backend=BACKEND)
        for path in paths:
            answer = browser.get(path, follow=True)
            seen[login, path] = answer.status_code, answer.request["PATH_INFO"], EMPTY in answer.content.decode()
    assert {place: told for place, told in seen.items() if told != (200, place[1], False)} == {}


def test_letters_stand_in_every_state_and_one_can_be_looked_at(demo: None, tmp_path: Path) -> None:
    assert set(Thread.objects.values_list("state", flat=True)) == set(State.values)
    assert Delivery.objects.filter(state="failed").exists()
    assert MessageFile.objects.filter(sha256="").exists()
    assert set(Message.objects.filter(thread=None).values_list("kind", flat=True)) == {"auto_reply", "bounce"}
    assert {door.kind for door in Door.objects.all()} >= {"mail", "site"}
    shown = code_to_look_at()
    assert shown is not None
    told = standing(shown.number, shown.code)
    assert told is not None
    assert told.said

    lay_letters(tmp_path)
    with MailhouseProcess(boxes=tmp_path) as mail:
        known = Thread.objects.count()
        ensure_doors(LOGINS, mail.port, mail.imap_port)
        assert services.fetch_door(Door.objects.get(address=BOXES["sp1"])) == 1
    assert Thread.objects.count() == known + 1
    assert Message.objects.filter(text__contains="до какого дня нужно получить полис").exists()


def test_the_line_has_a_past_and_the_week_lacks_people(demo: None) -> None:
    told = Counter(Call.objects.values_list("result", flat=True))
    assert {"answered", "abandoned", "secretary"} <= set(told)
    assert not Call.objects.live().exists()
    assert CallBack.objects.open().exists()
    line = Line.objects.get(organisation=Employee.objects.get(login="sp1").assignment.organisation)
    today = timezone.localdate(timezone=line.zone)
    week = queries.week(line, today - today.weekday() * queries.DAY)
    assert week.forecast.is_known
    assert week.missed is not None
    assert week.gaps

    before = CallEvent.objects.count(), Thread.objects.count(), Shift.objects.count()
    ensure_demo(scale=0.05)
    assert (CallEvent.objects.count(), Thread.objects.count(), Shift.objects.count()) == before
