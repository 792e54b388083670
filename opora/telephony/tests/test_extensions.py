"""An extension is an organisation's before anybody sits at it: the service says whose, the database keeps it."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import Client

from opora.access.scope import enter
from opora.telephony.errors import ExtensionsTaken, NotYourExtension
from opora.telephony.models import Agent, ExtensionRange
from opora.telephony.services import extensions, leave_seat, take_seat

type SignIn = Callable[[str | None], Client]


def sit(who: object, extension: str) -> Agent:
    with enter(who.scope):  # type: ignore[attr-defined]
        return take_seat(extension, by=who)  # type: ignore[arg-type]


def test_a_neighbour_does_not_sit_where_nobody_has_sat(lines: SimpleNamespace, cast: SimpleNamespace) -> None:
    with pytest.raises(NotYourExtension, match=r"301 записан за «.+». Ваши добавочные: 200–299"):
        sit(cast.alina, "301")
    with pytest.raises(NotYourExtension, match="999 ни за кем не записан"):
        sit(cast.alina, "999")
    with pytest.raises(NotYourExtension, match="2005 ни за кем"):
        sit(cast.alina, "2005")
    assert sit(cast.alina, "299").employee == cast.alina
    assert sit(cast.op1, "301").organisation == cast.op1.assignment.organisation


def test_on_a_shared_exchange_nothing_is_free(lines: SimpleNamespace, cast: SimpleNamespace) -> None:
    ExtensionRange.objects.all().delete()
    with pytest.raises(NotYourExtension, match="скажите администратору"):
        sit(cast.alina, "201")
    lines.fund.delete()
    assert sit(cast.alina, "201").employee == cast.alina


def test_the_database_keeps_it(lines: SimpleNamespace, cast: SimpleNamespace, place: SimpleNamespace) -> None:
    with pytest.raises(IntegrityError, match="is not of organisation"), transaction.atomic():
        Agent.objects.create(pbx="main", extension="301", organisation=place.alfa, employee=cast.alina, state="ready")
    seat = sit(cast.alina, "201")
    for wrong in ({"extension": "301"}, {"organisation": place.fund}):
        with pytest.raises(IntegrityError, match="is not of organisation"), transaction.atomic():
            Agent.objects.filter(pk=seat.pk).update(**wrong)
    with pytest.raises(IntegrityError, match="never_overlap"), transaction.atomic():
        ExtensionRange.objects.create(pbx="main", first="299", last="300", organisation=place.beta)
    for first, last in (("10", "9"), ("98", "101"), ("1a", "1b")):
        with pytest.raises(IntegrityError), transaction.atomic():
            ExtensionRange.objects.create(pbx="main", first=first, last=last, organisation=place.beta)


def test_extensions_change_hands(lines: SimpleNamespace, cast: SimpleNamespace, place: SimpleNamespace) -> None:
    """Given to another house the seat goes along, but not from under somebody who sits there."""
    sit(cast.alina, "250")
    ExtensionRange.objects.filter(organisation=place.alfa).delete()
    with pytest.raises(ExtensionsTaken, match="За добавочным 250 сидит сотрудник"):
        extensions.give(place.fund, "main", "240", "259", by=cast.op1)
    with enter(cast.alina.scope):
        leave_seat(by=cast.alina)
    extensions.give(place.fund, "main", "240", "259", by=cast.op1)
    assert sit(cast.op1, "250").organisation == place.fund


def test_the_page_says_whose_they_are(lines: SimpleNamespace, signed_in: SignIn, place: SimpleNamespace) -> None:
    desk = signed_in("alfa_admin")
    page = desk.get("/telephony/extensions/").content.decode()
    assert "200–299" in page
    assert "300–399" in page
    assert page.count("Отказаться") == 1
    taken = desk.post("/telephony/extensions/new/", {"pbx": "main", "first": "310", "last": "320"})
    assert taken.status_code == 422
    assert "300–399 уже записаны за" in taken.content.decode()
    assert desk.post("/telephony/extensions/new/", {"pbx": "main", "first": "500", "last": "40"}).status_code == 422
    assert desk.post("/telephony/extensions/new/", {"pbx": "main", "first": "500", "last": "540"}).status_code == 302
    theirs = ExtensionRange.objects.get(first="300")
    assert desk.post(f"/telephony/extensions/{theirs.pk}/take-back/").status_code == 404
    own = ExtensionRange.objects.get(first="500")
    assert desk.post(f"/telephony/extensions/{own.pk}/take-back/").status_code == 302
    shown = signed_in("alina").get("/telephony/").content.decode()
    assert "200–299" in shown
    refused = signed_in("alina").post("/telephony/seat/", {"extension": "301"})
    assert refused.status_code == 422
    assert "Добавочный 301 записан за «" in refused.content.decode()


def test_a_neighbours_extensions_are_read_not_changed(lines: SimpleNamespace, cast: SimpleNamespace) -> None:
    with enter(cast.alfa_admin.scope):
        assert ExtensionRange.objects.count() == 2
        assert ExtensionRange.objects.filter(first="300").delete()[0] == 0
        theirs = ExtensionRange.objects.get(first="300").organisation
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            ExtensionRange.objects.create(pbx="main", first="600", last="600", organisation=theirs)
