"""After a talk: his word, one link in a while, and why there is none. What he answers is nobody's."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from opora.access.scope import enter
from opora.appeals import intake
from opora.appeals.intake import NewAppeal, NewParty
from opora.appeals.models import Appeal, Draft
from opora.appeals.words import PartyRole
from opora.audit.models import AuditLine
from opora.audit.services import uuid7
from opora.channels.models import Provider
from opora.insured.models import Consent, Person
from opora.surveys import after_talk, links, services
from opora.surveys.errors import SurveysError
from opora.surveys.models import Cell, Invitee, Round, Sheet, Survey
from opora.surveys.results import results
from opora.surveys.tests.conftest import NOON, TODAY
from opora.surveys.tests.test_links import Fake

YES = {"helped": ["yes"], "clear": ["yes"]}


@pytest.fixture
def fake(place: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Fake:
    Provider.objects.create(
        organisation=place.alfa, slug="sms", title="СМС", kind="smpp", channel="sms",
        settings={"host": "127.0.0.1", "port": 1, "system_id": "x"},
    )  # fmt: skip
    made = Fake()
    monkeypatch.setattr(links, "gateway", lambda kind: made)
    return made


@pytest.fixture
def talked(cast: SimpleNamespace, topics: SimpleNamespace, noon: Any) -> Any:
    """Register what somebody has said by phone to Alina."""

    def talk(person: Person | None, *, channel: str = "hot_line", **more: Any) -> Appeal:
        with enter(cast.alina.scope):
            who = NewParty.of_register(PartyRole.APPLICANT, person, **more) if person else NewParty(surname="Некто")
            new = NewAppeal(kind="consultation", topic=topics.policy, channel=channel, text="Вопрос", parties=[who])
            return Appeal.objects.get(pk=intake.register(new, by=cast.alina).id)

    return talk


@pytest.fixture
def going(cast: SimpleNamespace, noon: Any) -> Round:
    """Alfa asks after talks with the ready survey of the contact centre, nobody oftener than in thirty days."""
    with enter(cast.boris.scope):
        return begun(cast)


def begun(cast: SimpleNamespace) -> Round:
    survey = Survey.objects.get(code="contact_centre", territory="")
    asked = services.draft_round(
        survey, title="Март", since=TODAY, until=TODAY + timedelta(days=60), modes=["link"], source="talks",
        rest_days=30, by=cast.boris,
    )  # fmt: skip
    return services.launch_round(asked.pk, lock=asked.lock, address="https://opora.test/", by=cast.boris)


def offered(cast: SimpleNamespace, appeal: Appeal) -> after_talk.Offer | None:
    with enter(cast.alina.scope):
        return after_talk.offer(appeal, cast.alina)


def agreed(cast: SimpleNamespace, appeal: Appeal) -> after_talk.Offer:
    with enter(cast.alina.scope):
        return after_talk.agree(appeal, by=cast.alina)


def test_a_link_goes_to_who_agreed_and_to_nobody_else(
    going: Round, talked: Any, polina: Person, cast: Any, fake: Fake
) -> None:
    talked(polina)
    assert links.send(going.pk) == 0, "nobody has agreed"
    agreed(cast, talked(polina))
    assert links.send(going.pk) == 1
    assert links.send(going.pk) == 0
    (message,) = fake.sent
    assert message.to == "79000000001"
    assert "согласились оценить разговор" in message.text
    assert Invitee.objects.get().state == "sent"


def test_the_answer_is_counted_and_is_nobodys(
    going: Round, talked: Any, polina: Person, cast: Any, fake: Fake, place: Any
) -> None:
    agreed(cast, talked(polina))
    links.send(going.pk)
    token = fake.sent[0].text.rstrip("/").rsplit("/", 1)[1]
    with enter(links.SYSTEM):
        assert links.finish(token, going.version_id, YES)
    assert Invitee.objects.get().state == "done"
    with enter(cast.boris.scope):
        going.refresh_from_db()
        services.close_round(going.pk, lock=going.lock, by=cast.boris)
    sheet = Sheet.objects.get()
    assert (sheet.cell, sheet.answers) == (0, YES)
    assert not {field.name for field in Sheet._meta.get_fields()} & {"person", "invitee", "appeal", "employee"}


def test_who_did_not_answer_is_counted_by_reason(going: Round, talked: Any, cast: Any, fake: Fake, place: Any) -> None:
    from opora.surveys.tests.conftest import crowd

    people = crowd(place, 3)
    fake.answers = {0: "never"}
    for person in people[:2]:
        agreed(cast, talked(person))
    with enter(cast.alina.scope):
        after_talk.decline(talked(people[2]), by=cast.alina)
    links.send(going.pk)
    with enter(cast.boris.scope):
        going.refresh_from_db()
        services.close_round(going.pk, lock=going.lock, by=cast.boris)
        going.refresh_from_db()
        said = dict(results(going).silent)
    assert said == {"отказ": 1, "СМС не ушло": 1, "ссылка отправлена": 1}


def test_after_the_last_day_the_question_is_not_shown(
    going: Round, talked: Any, polina: Person, cast: Any, fake: Fake, noon: Any
) -> None:
    noon(NOON + timedelta(days=61))
    assert offered(cast, talked(polina)) is None


def test_nobody_is_asked_twice(going: Round, talked: Any, polina: Person, cast: Any, fake: Fake, noon: Any) -> None:
    agreed(cast, talked(polina))
    agreed(cast, talked(polina))
    assert Invitee.objects.count() == 1, "once in a round"
    with enter(cast.boris.scope):
        going.refresh_from_db()
        services.close_round(going.pk, lock=going.lock, by=cast.boris)
        Invitee.objects.update(state="sent")
        begun(cast)
    noon(NOON + timedelta(days=29))
    appeal = talked(polina)
    offer = offered(cast, appeal)
    assert offer is not None
    assert offer.why_not == "его уже спрашивали, снова можно с 10.04.2026"
    with pytest.raises(SurveysError, match="уже спрашивали"):
        agreed(cast, appeal)
    noon(NOON + timedelta(days=31))
    assert agreed(cast, talked(polina)).invitee is not None


WHY_NOT = [
    ("refused", "человек просил не присылать СМС"),
    ("landline", "нет мобильного номера"),
    ("unknown", "человек не найден в реестре"),
    ("unconnected", "СМС не подключены"),
]


@pytest.mark.parametrize(("what", "why"), WHY_NOT)
def test_it_says_why_it_cannot(
    going: Round, talked: Any, polina: Person, cast: Any, fake: Fake, what: str, why: str
) -> None:
    if what == "refused":
        Consent.objects.create(
            person=polina, channel="sms", purpose="survey", is_granted=False, decided_on=TODAY - timedelta(days=9)
        )
    if what == "landline":
        polina.contacts.filter(kind="phone").update(phone_kind="landline", normalised="73832221515")
    if what == "unconnected":
        Provider.objects.update(is_active=False)
    offer = offered(cast, talked(None if what == "unknown" else polina))
    assert offer is not None
    assert offer.why_not == why


def test_the_number_he_phones_from_comes_first(
    going: Round, talked: Any, polina: Person, cast: Any, fake: Fake
) -> None:
    assert agreed(cast, talked(polina, phone="+79130000123")).phone == "79130000123"


def test_only_a_fresh_talk_by_phone_of_ours_is_asked_about(
    going: Round, talked: Any, polina: Person, cast: Any, fake: Fake, noon: Any
) -> None:
    assert offered(cast, talked(polina, channel="email")) is None
    appeal = talked(polina)
    with enter(cast.vera.scope):
        assert after_talk.offer(appeal, cast.vera) is None
    noon(NOON + timedelta(hours=25))
    assert offered(cast, appeal) is None


def test_a_mark_is_taken_back_until_it_has_left(
    going: Round, talked: Any, polina: Person, cast: Any, fake: Fake
) -> None:
    appeal = talked(polina)
    agreed(cast, appeal)
    with enter(cast.alina.scope):
        assert after_talk.take_back(appeal, by=cast.alina)
    assert links.send(going.pk) == 0
    agreed(cast, appeal)
    links.send(going.pk)
    with enter(cast.alina.scope):
        assert not after_talk.take_back(appeal, by=cast.alina)


def test_at_night_it_waits_and_after_days_it_is_not_sent(
    going: Round, talked: Any, polina: Person, cast: Any, fake: Fake, noon: Any
) -> None:
    agreed(cast, talked(polina))
    noon(NOON + timedelta(hours=12))
    assert links.send(going.pk) == 0
    assert Invitee.objects.get().state == "waiting"
    noon(NOON + timedelta(days=3))
    assert links.send(going.pk) == 0
    assert Invitee.objects.get().state == "unsent"


def test_a_round_after_talks_is_asked_by_link_alone(cast: Any, noon: Any) -> None:
    survey = Survey.objects.get(code="contact_centre", territory="")
    given = {"title": "Март", "since": TODAY, "until": TODAY, "source": "talks", "by": cast.boris}
    with enter(cast.boris.scope):
        with pytest.raises(SurveysError, match="только по ссылке"):
            services.draft_round(survey, modes=["phone"], **given)
        with pytest.raises(SurveysError, match="не чаще"):
            services.draft_round(survey, modes=["link"], rest_days=0, **given)


def test_who_has_rated_a_talk_may_still_be_in_a_sample(
    going: Round, talked: Any, polina: Person, cast: Any, fake: Fake, running: Any
) -> None:
    agreed(cast, talked(polina))
    running(wanted=1)
    assert Invitee.objects.filter(person=polina).count() == 2


def test_the_piece_of_the_card(
    signed_in: Any, going: Round, talked: Any, polina: Person, cast: Any, fake: Fake
) -> None:
    client, appeal = signed_in("alina"), talked(polina)
    at = f"/surveys/talks/{appeal.number}/"
    assert at in client.get(f"/appeals/{appeal.number}/").content.decode()
    page = client.get(at).content.decode()
    assert "Согласны оценить разговор?" in page
    assert "0001" in page
    assert "79000000001" not in page
    said = client.post(at, {"what": "agree"}, headers={"HX-Request": "true"}).content.decode()
    assert "СМС уйдёт" in said
    assert "Согласны" not in client.post(at, {"what": "agree"}, headers={"HX-Request": "true"}).content.decode()
    assert "Согласны" in client.post(at, {"what": "back"}, headers={"HX-Request": "true"}).content.decode()
    assert client.post(at, {"what": "decline"}).status_code == 302
    assert signed_in("vera").get(at).status_code == 404
    assert signed_in("auditor").get(at).status_code in {403, 404}
    line = AuditLine.objects.filter(action="surveys.after_talk").latest("at")
    assert set(line.details) == {"outcome"}


def test_it_stands_where_the_appeal_was_registered(
    signed_in: Any, going: Round, talked: Any, polina: Person, cast: Any, place: Any, fake: Fake
) -> None:
    appeal = talked(polina)
    draft = Draft.objects.create(pk=uuid7(), employee=cast.alina, organisation=place.alfa, body={}, appeal=appeal)
    page = signed_in("alina").get(reverse("appeals:registered", args=[draft.pk])).content.decode()
    assert f"/surveys/talks/{appeal.number}/" in page


def test_without_a_round_nothing_is_asked(signed_in: Any, talked: Any, polina: Person, cast: Any, fake: Fake) -> None:
    appeal = talked(polina)
    assert offered(cast, appeal) is None
    assert "/surveys/talks/" not in signed_in("alina").get(f"/appeals/{appeal.number}/").content.decode()
    with pytest.raises(SurveysError, match="опрос не идёт"):
        agreed(cast, appeal)


def test_a_cell_of_everybody_has_no_quota(going: Round) -> None:
    cell = Cell.objects.get(round=going)
    assert (cell.number, cell.planned) == (0, None)
    assert timezone.now() == NOON
