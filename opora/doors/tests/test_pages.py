"""«Входящие»: who opens it, what is done there, what is written down."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from opora.appeals.models import Appeal, Draft, File
from opora.audit.models import AuditLine
from opora.doors import queries, services
from opora.doors.models import Delivery, Message, Thread
from opora.doors.shapes import Attached
from opora.insured.models import Contact
from opora.organisations.models import Role

PDF = b"%PDF-1.7 x"


@pytest.fixture
def go(signed_in: Callable[[str | None], Client]) -> Callable[..., Any]:
    Role.objects.filter(slug__in=["sp1", "sp2", "supervisor", "op1", "analyst"]).update(default_purpose="appeal")

    def ask(who: str | None, address: str = "", data: Any = None, **more: Any) -> Any:
        client = signed_in(who)
        path = f"/doors/{address}"
        return client.get(path) if data is None else client.post(path, data, **more)

    return ask


@pytest.fixture
def thread(doors: SimpleNamespace, told: Any) -> Thread:
    found = services.receive(doors.site, told(files=[Attached("скан.pdf", PDF), Attached("a.exe", b"MZ")])).thread
    assert found is not None
    return found


def test_who_opens_it(go: Any, thread: Thread) -> None:
    assert [go(who).status_code for who in ("alina", "boris", "auditor", None)] == [200, 200, 403, 302]
    assert "Полина Соловьёва" in go("alina").content.decode()
    for stranger in ("vera", "op1"):
        assert "Полина" not in go(stranger).content.decode()
        assert go(stranger, f"{thread.pk}/").status_code == 404


def test_nothing_waits(go: Any, doors: SimpleNamespace) -> None:
    assert "Никто не ждёт" in go("alina").content.decode()
    assert "Дверей пока нет" in go("op1").content.decode()


def test_who_waits_longest_stands_first(go: Any, thread: Thread, doors: Any, told: Any, cast: Any) -> None:
    second = services.receive(doors.site, told("m-2")).thread
    assert [row.pk for row in go("alina").context["page"]] == [thread.pk, second.pk]
    assert [row.pk for row in go("alina", "?order=newest").context["page"]] == [second.pk, thread.pk]
    services.take(thread.pk, by=cast.alina)
    assert [row.pk for row in go("alina", "?state=mine").context["page"]] == [thread.pk]


def test_a_reading_is_written_down(go: Any, thread: Thread, polina: Any, cast: SimpleNamespace) -> None:
    go("alina", f"{thread.pk}/")
    assert AuditLine.objects.filter(action="doors.read", subject_id=str(thread.pk)).count() == 1
    assert not AuditLine.objects.filter(action="insured.card.read").exists()
    services.name_person(thread.pk, polina.pk, by=cast.alina)
    assert polina.surname in go("alina", f"{thread.pk}/").content.decode()
    assert AuditLine.objects.get(action="insured.card.read").details == {"part": "thread"}


def test_a_person_is_shown_for_a_purpose_only(go: Any, thread: Thread, polina: Any, cast: SimpleNamespace) -> None:
    services.name_person(thread.pk, polina.pk, by=cast.alina)
    Role.objects.filter(slug="sp1").update(default_purpose="")
    assert go("alina", f"{thread.pk}/").status_code == 302


def test_what_was_written_is_text(go: Any, doors: SimpleNamespace, told: Any) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    found = services.receive(doors.site, told(text=evil, subject=evil, name=evil)).thread
    for page in (go("alina"), go("alina", f"{found.pk}/")):
        assert "<script>alert" not in page.content.decode()
        assert "<img src=x" not in page.content.decode()


@pytest.mark.parametrize(
    ("text", "sender", "by"),
    [
        ("Мой ЕНП 5476 4108 3500 1236, помогите", "a@example.ru", "ЕНП"),
        ("Позвоните 8 (900) 000-00-01", "a@example.ru", "телефон"),
        ("Здравствуйте", "polina@example.ru", "почта"),
    ],
)
def test_who_may_be_writing(doors: Any, told: Any, cast: Any, polina: Any, text: str, sender: str, by: str) -> None:
    Contact.objects.create(person=polina, kind="email", value="polina@example.ru", normalised="polina@example.ru")
    thread = services.receive(doors.site, told(text=text, sender=sender)).thread
    (found,) = queries.shown(thread, cast.alina).candidates
    assert (found.person, found.by) == (polina, by)
    theirs = services.receive(doors.beta, told("b", text=text, sender=sender)).thread
    assert queries.shown(theirs, cast.vera).candidates == []


def test_several_may_be_writing_and_one_is_chosen(go: Any, doors: Any, told: Any, polina: Any, cast: Any) -> None:
    from opora.insured.models import Person, Policy

    other = Person.objects.create(territory=polina.territory, surname="Соловьёв", birth_on="2010-01-01", sex=1)
    Policy.objects.create(
        person=other, kind=Policy.Kind.UNIFORM, number="1", insurer=polina.insurer, since="2015-05-01"
    )
    Contact.objects.create(person=other, kind="phone", value="+79000000001", normalised="79000000001")
    thread = services.receive(doors.site, told(text="Мой номер 89000000001")).thread
    page = go("alina", f"{thread.pk}/")
    assert {one.person for one in page.context["shown"].candidates} == {polina, other}
    go("alina", f"{thread.pk}/person/", {"person": other.pk, "version": thread.version})
    thread.refresh_from_db()
    assert (thread.person, thread.is_identified) == (other, False)
    go("alina", f"{thread.pk}/person/", {"person": "", "version": thread.version})
    thread.refresh_from_db()
    assert thread.person is None


def test_an_answer_with_a_file(go: Any, thread: Thread) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    data = {"text": "В офисе.", "version": thread.version, "files": [SimpleUploadedFile("a.pdf", PDF)]}
    assert go("alina", f"{thread.pk}/", data).status_code == 302
    message = Message.objects.get(direction="out")
    assert (message.text, message.files.count(), Delivery.objects.get().state) == ("В офисе.", 1, "sending")
    assert "В офисе." in go("alina", f"{thread.pk}/").content.decode()


def test_an_answer_to_what_has_changed_is_kept_and_refused(go: Any, thread: Thread) -> None:
    page = go("alina", f"{thread.pk}/", {"text": "Мой ответ", "version": thread.version + 7})
    assert page.status_code == 422
    assert "Мой ответ" in page.content.decode()
    assert "пришло новое сообщение" in page.content.decode()


def test_registering_opens_intake_with_what_was_written(
    go: Any, signed_in: Any, thread: Thread, topics: Any, polina: Any, cast: Any
) -> None:
    services.name_person(thread.pk, polina.pk, by=cast.alina)
    answer = go("alina", f"{thread.pk}/registration/", {})
    draft = Draft.objects.get()
    assert answer.url == f"/appeals/new/?draft={draft.pk}"
    assert draft.body["text"] == ["Как получить полис?"]
    assert draft.body["channel"] == ["internet"]
    assert draft.body["person"] == [str(polina.pk)]
    go("alina", f"{thread.pk}/registration/", {})
    assert Draft.objects.count() == 1
    client = signed_in("alina")
    page = client.get(answer.url).content.decode()
    assert "Как получить полис?" in page
    sent = {"draft": draft.pk, "topic": "t-policy", "kind": "consultation", "next": "mine", "step": 1, "resumed": "1"}
    fields = {name: values[0] for name, values in draft.body.items()}
    done = client.post("/appeals/new/", {**fields, **sent})
    assert done.status_code == 302, done.content.decode()[:2000]
    appeal = Appeal.objects.get()
    thread.refresh_from_db()
    assert (thread.appeal, thread.is_applicants, thread.state) == (appeal, True, "registered")
    assert appeal.channel == "internet"
    assert [file.name for file in File.objects.filter(appeal=appeal)] == ["скан.pdf"]
    assert appeal.number in client.get(f"/doors/{thread.pk}/").content.decode()


def test_what_he_said_of_himself_stands_in_its_fields(go: Any, doors: SimpleNamespace, told: Any) -> None:
    applicant = {"surname": "Тайнова", "given_name": "Анна", "birth_on": "1985-03-14", "phone": "+79000000007"}
    found = services.receive(doors.site, told("m-9", meta={"applicant": applicant})).thread
    assert found is not None
    go("alina", f"{found.pk}/registration/", {})
    body = Draft.objects.get().body
    assert (body["surname"], body["given_name"]) == (["Тайнова"], ["Анна"])
    assert (body["birth_on"], body["phone"]) == (["14.03.1985"], ["+79000000007"])


def test_linking_to_an_appeal(go: Any, thread: Thread, cast: Any, topics: Any) -> None:
    from opora.appeals.intake import NewAppeal, register

    done = register(NewAppeal(kind="consultation", topic=topics.policy, channel="internet", mine=True), by=cast.alina)
    wrong = go(
        "alina", f"{thread.pk}/appeal/", {"number": "54001-26-999999", "who": "other", "version": thread.version}
    )
    assert wrong.status_code == 422
    unsaid = {"number": done.number, "version": thread.version}
    assert "Кто пишет" in go("alina", f"{thread.pk}/appeal/").content.decode()
    assert go("alina", f"{thread.pk}/appeal/", unsaid).status_code == 422
    go("alina", f"{thread.pk}/appeal/", {**unsaid, "who": "other"})
    thread.refresh_from_db()
    assert (thread.appeal_id, thread.is_applicants) == (done.id, False)
    assert "сюда не уйдёт" in go("alina", f"{thread.pk}/").content.decode()
    assert f'value="{done.number}"' in go("alina", f"{thread.pk}/appeal/").content.decode()
    go("alina", f"{thread.pk}/appeal/", {**unsaid, "who": "applicant", "version": thread.version})
    thread.refresh_from_db()
    assert thread.is_applicants


def test_closing_needs_a_reason(go: Any, thread: Thread) -> None:
    assert go("alina", f"{thread.pk}/closing/", {"reason": "other", "version": 1}).status_code == 422
    go("alina", f"{thread.pk}/closing/", {"reason": "spam", "words": "окна", "version": thread.version})
    thread.refresh_from_db()
    assert (thread.state, thread.closed_why) == ("closed", "Реклама или рассылка: окна")
    assert "Реклама или рассылка: окна" in go("alina", f"{thread.pk}/").content.decode()
    go("alina", f"{thread.pk}/reopening/", {})
    thread.refresh_from_db()
    assert thread.state == "taken"


def test_a_file_is_given_to_who_sees_the_thread(go: Any, thread: Thread) -> None:
    kept = thread.messages.get().files.exclude(sha256="").get()
    answer = go("alina", f"{thread.pk}/files/{kept.pk}/")
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert AuditLine.objects.filter(action="doors.file.read").exists()
    assert go("vera", f"{thread.pk}/files/{kept.pk}/").status_code == 404


def test_who_only_sees(go: Any, thread: Thread, cast: SimpleNamespace) -> None:
    Role.objects.filter(slug="analyst").update(rights=["doors:view", "workplace:view"])
    page = go("timur", f"{thread.pk}/")
    assert page.status_code == 200
    assert "Ответить" not in page.content.decode()
    assert go("timur", f"{thread.pk}/taking/", {}).status_code == 403
    assert go("timur", f"{thread.pk}/", {"text": "x"}).status_code == 404


def test_what_he_wrote_stands_on_his_page(signed_in: Any, go: Any, thread: Thread, polina: Any, cast: Any) -> None:
    services.name_person(thread.pk, polina.pk, by=cast.alina)
    assert f"/doors/{thread.pk}/" in signed_in("alina").get(f"/insured/{polina.pk}/panels/doors/").content.decode()


def test_what_did_not_leave_is_sent_again(go: Any, thread: Thread, cast: SimpleNamespace) -> None:
    message = services.reply(thread, "В офисе.", by=cast.alina)
    Delivery.objects.update(state="failed", why="Не принято")
    assert "Отправить ещё раз" in go("alina", f"{thread.pk}/").content.decode()
    go("alina", f"{thread.pk}/messages/{message.pk}/sending/", {})
    assert Delivery.objects.get().state == "sending"
