"""Pages of sending: check, make, take; refused records are sent again or taken off; strangers see nothing."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from opora.audit.models import AuditLine
from opora.exchange.dispatch import make
from opora.exchange.models import Fate, Parcel, SentRecord
from opora.exchange.models.parcel import State, Way
from opora.exchange.parcels import Coming, process, receive
from opora.exchange.tests.outbound import crowd_of, listed
from opora.exchange.tests.test_answers import rpl

pytestmark = pytest.mark.usefixtures("exchange_dir", "cast")


def test_a_list_and_a_campaign_lead_to_their_files(place: SimpleNamespace, signed_in: Any) -> None:
    client, roll = signed_in("alfa_admin"), listed(place, crowd_of(place))
    assert f"/exchange/send/?roll={roll.pk}" in client.get(f"/informing/lists/{roll.pk}/").content.decode()
    page = client.get(f"/exchange/send/?roll={roll.pk}").content.decode()
    assert "Что можно сделать из списка" in page
    assert f"/exchange/send/prof-preventive-list/?roll={roll.pk}" in page
    assert "kbr-dpo-informing-answer" not in page, "made of lists of another format"
    assert "Что можно сделать из списка" not in client.get("/exchange/send/?roll=0").content.decode()
    page = client.get("/exchange/send/?year=2026&measure=PROF").content.decode()
    assert "/exchange/send/prof-preventive-list/?year=2026&amp;measure=PROF" in page
    page = client.get("/exchange/send/prof-preventive-list/?year=2031&measure=nonsense").content.decode()
    assert 'value="2031"' in page


def test_a_list_is_checked_made_answered_and_sent_again(place: SimpleNamespace, signed_in: Any) -> None:
    client, crowd = signed_in("alfa_admin"), crowd_of(place)
    nobody = crowd_of(place, "Дорн", "Ежова", "Жукова")[0]
    nobody.attachments.update(doctor_snils="")
    roll = listed(place, [*crowd, nobody])
    assert "Список на осмотры (PROF, Хакасия)" in client.get("/exchange/send/").content.decode()
    page = client.get(f"/exchange/send/prof-preventive-list/?roll={roll.pk}").content.decode()
    assert f'value="{roll.pk}" selected' in page
    answer = client.post("/exchange/send/prof-preventive-list/", {"organisation": place.alfa.pk, "roll": roll.pk})
    checked = Parcel.objects.get()
    assert ProcrastinateJob.objects.get(task_name="exchange.make").args == {"parcel_id": checked.pk}
    make(checked.pk)
    page = client.get(answer.url).content.decode()
    assert "Можно отправить записей: 3." in page
    assert "Сделать файл" in page
    card = reverse("insured:card", args=[nobody.pk])  # whose card lacks the doctor
    assert f'<a href="{card}" data-open>{nobody.full_name}</a>' in page
    made = make(Parcel.objects.get(pk=client.post(f"{answer.url}making/").url.split("/")[2]).pk)
    assert made.state == State.READY
    assert client.get(f"/exchange/{made.pk}/file/").status_code == 200

    told = [(str(key), int(key != 102), "Имя не то" if key == 102 else "") for key in (101, 102, 103)]
    raw = rpl(made.name.removesuffix(".zip"), *told)
    brought = process(receive([raw], Coming(place.alfa, "a.xml", Way.UPLOAD)).pk)
    assert f"/exchange/{made.pk}/sent/" in client.get(f"/exchange/{brought.pk}/").content.decode()
    page = client.get(f"/exchange/{made.pk}/sent/?only=refused").content.decode()
    assert "Имя не то" in page
    assert crowd[1].full_name in page
    assert crowd[0].full_name not in page
    page = client.get("/exchange/refused/").content.decode()
    assert crowd[1].full_name in page
    refused = SentRecord.objects.get(fate=Fate.REFUSED)
    assert client.post("/exchange/refused/resending/", {"record": refused.pk}).status_code == 302
    again = make(Parcel.objects.latest("pk").pk)
    assert (again.state, again.sent.get().person_id) == (State.READY, crowd[1].pk)
    assert "Всё принято" in client.get("/exchange/refused/").content.decode()
    assert AuditLine.objects.filter(action="exchange.sent.read").exists()


def test_a_record_is_taken_off_with_a_reason(place: SimpleNamespace, signed_in: Any) -> None:
    from opora.exchange.tests.sent import note

    parcel = note(place.alfa, "PROF_M540001T54_261", ["1"])
    brought = process(receive([rpl(parcel.name, ("1", 0, "Нет"))], Coming(place.alfa, "a.xml", Way.UPLOAD)).pk)
    assert brought.state == State.ACCEPTED
    refused = SentRecord.objects.get()
    for who, status in (("vera", 403), ("timur", 403), (None, 302)):
        assert signed_in(who).post("/exchange/refused/dropping/", {"record": refused.pk}).status_code == status
    client = signed_in("alfa_admin")
    assert client.post("/exchange/refused/dropping/", {"record": refused.pk, "why": " "}).status_code == 422
    assert client.post("/exchange/refused/resending/", {"record": refused.pk}).status_code == 422  # of a file not ours
    assert client.post("/exchange/refused/dropping/", {"record": refused.pk, "why": "Умер"}).status_code == 302
    refused.refresh_from_db()
    assert (refused.fate, refused.why) == (Fate.DROPPED, "Умер")


def test_another_insurer_sees_no_file_and_no_record(place: SimpleNamespace, cast: SimpleNamespace) -> None:
    from opora.access.scope import enter
    from opora.exchange.tests.sent import note

    note(place.alfa, "PROF_M540001T54_261", ["1"])
    with enter(cast.vera.scope):
        assert not SentRecord.objects.exists()
    assert not SentRecord.objects.accessible_to(cast.vera).exists()
    assert SentRecord.objects.accessible_to(cast.boris).count() == 1
