"""The register of suits of recourse: filed, decided, paid, corrected, taken back; who may, who sees."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from opora.access.scope import enter
from opora.audit.models import AuditLine
from opora.complaints import services
from opora.complaints.errors import ComplaintsError, NotYourCase, RecourseTwice, TooEarly, WrongDates
from opora.complaints.models import Recourse, RecourseEvent, RecoursePayment
from opora.organisations.models import Role
from opora.shared.errors import DomainError

type Act = Callable[..., Any]
ASKED: dict[str, Any] = {"filed_on": date(2026, 3, 2), "court": "Центральный районный суд", "care": Decimal("1000.50")}


@pytest.fixture
def act() -> Act:
    """Call a service as somebody, under her scope."""

    def do(who: Any, service: Any, *given: Any, **more: Any) -> Any:
        with enter(who.scope):
            return service(*given, **more, by=who)

    return do


@pytest.fixture
def suit(act: Act, cast: SimpleNamespace, place: SimpleNamespace, polina: Any) -> Recourse:
    more = {"number": "2-17/2026", "costs": Decimal(50), "provider": place.clinic, "person_id": polina.pk}
    made: Recourse = act(cast.sp3, services.file_recourse, **ASKED, **more)
    return made


@pytest.fixture
def won(act: Act, cast: SimpleNamespace, suit: Recourse) -> Recourse:
    row: Recourse = act(cast.sp3, services.decide_recourse, suit.pk, outcome="partly", decided_on=date(2026, 4, 1))
    return row


def test_a_suit_from_filing_to_money(act: Act, cast: SimpleNamespace, place: SimpleNamespace, won: Recourse) -> None:
    assert (won.territory, won.insurer_id, won.total) == (place.nsk.code, place.alfa.pk, Decimal("1050.50"))
    act(cast.sp3, services.pay_recourse, won.pk, on=date(2026, 5, 1), care=Decimal(300))
    second = act(cast.sp3, services.pay_recourse, won.pk, on=date(2026, 6, 1), costs=Decimal(20))
    act(cast.sp3, services.take_payment_back, second.pk, why="Пришло по другому делу")
    kinds = list(won.events.order_by("at").values_list("kind", flat=True))
    assert kinds == ["filed", "decided", "paid", "paid", "unpaid"]
    assert [one.total for one in RecoursePayment.objects.filter(withdrawn_at=None)] == [300]
    assert AuditLine.objects.filter(action__startswith="complaints.recourse.").count() == 5


REFUSED = [
    ({"care": Decimal(-1)}, ComplaintsError, "меньше нуля"),
    ({"care": None}, ComplaintsError, "хотя бы одну сумму"),
    ({"filed_on": date(2199, 1, 1)}, WrongDates, "не наступило"),
    ({"court": " "}, ComplaintsError, "суд"),
]


@pytest.mark.parametrize(("given", "refusal", "words"), REFUSED)
def test_what_is_refused(
    act: Act, cast: SimpleNamespace, given: dict[str, Any], refusal: type[DomainError], words: str
) -> None:
    with pytest.raises(refusal, match=words):
        act(cast.sp3, services.file_recourse, **(ASKED | given))
    assert not Recourse.objects.exists()


def test_days_go_forward(act: Act, cast: SimpleNamespace, suit: Recourse) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    for day, words in ((date(2026, 3, 1), "раньше подачи"), (tomorrow, "не наступило")):
        with pytest.raises(WrongDates, match=words):
            act(cast.sp3, services.decide_recourse, suit.pk, outcome="refused", decided_on=day)
    act(cast.sp3, services.decide_recourse, suit.pk, outcome="satisfied", decided_on=date(2026, 3, 2))
    for day in (date(2026, 3, 1), tomorrow):
        with pytest.raises(WrongDates):
            act(cast.sp3, services.pay_recourse, suit.pk, on=day, care=Decimal(1))
    with pytest.raises(WrongDates, match="Подача позже"):
        act(cast.sp3, services.correct_recourse, suit.pk, why="День", **(ASKED | {"filed_on": date(2026, 3, 3)}))


def test_money_comes_by_an_outcome_that_pays(act: Act, cast: SimpleNamespace, won: Recourse) -> None:
    act(cast.sp3, services.decide_recourse, won.pk, outcome="refused", decided_on=date(2026, 4, 1))
    with pytest.raises(TooEarly, match="исход"):
        act(cast.sp3, services.pay_recourse, won.pk, on=date(2026, 5, 1), care=Decimal(1))
    act(cast.sp3, services.decide_recourse, won.pk, outcome="satisfied", decided_on=date(2026, 4, 2))
    act(cast.sp3, services.pay_recourse, won.pk, on=date(2026, 5, 1), care=Decimal(1))
    with pytest.raises(TooEarly, match="записаны деньги"):
        act(cast.sp3, services.decide_recourse, won.pk, outcome="refused", decided_on=date(2026, 4, 2))
    with pytest.raises(TooEarly, match="снимите взыскания"):
        act(cast.sp3, services.withdraw_recourse, won.pk, why="Ошибка")


def test_the_same_money_is_not_written_twice(act: Act, cast: SimpleNamespace, won: Recourse) -> None:
    given = {"on": date(2026, 5, 1), "care": Decimal(300)}
    made = act(cast.sp3, services.pay_recourse, won.pk, **given)
    with pytest.raises(RecourseTwice, match="сложите"):
        act(cast.sp3, services.pay_recourse, won.pk, **given)
    act(cast.sp3, services.take_payment_back, made.pk, why="Пришло по другому делу")
    act(cast.sp3, services.pay_recourse, won.pk, **given)
    assert RecoursePayment.objects.filter(withdrawn_at=None).count() == 1


def test_a_correction_keeps_what_stood(act: Act, cast: SimpleNamespace, suit: Recourse, place: SimpleNamespace) -> None:
    given = ASKED | {"number": "2-18/2026", "care": Decimal(7), "provider": place.clinic2}
    act(cast.sp3, services.correct_recourse, suit.pk, why="Опечатка", **given)
    event = suit.events.get(kind="corrected")
    assert (event.text, event.details["former"]["care"], event.details["former"]["number"]) == (
        "Опечатка", "1000.50", "2-17/2026",
    )  # fmt: skip
    assert set(event.details["former"]) == {"care", "costs", "number", "provider_id", "person_id"}
    act(cast.sp3, services.correct_recourse, suit.pk, why="Ещё раз", **given)
    assert suit.events.count() == 2, "nothing differs, nothing happens"


def test_one_suit_is_written_once(act: Act, cast: SimpleNamespace, suit: Recourse) -> None:
    with pytest.raises(RecourseTwice):
        act(cast.sp3, services.file_recourse, **ASKED, number="2-17/2026")
    act(cast.sp3, services.withdraw_recourse, suit.pk, why="Завели дважды")
    act(cast.sp3, services.file_recourse, **ASKED, number="2-17/2026")
    assert Recourse.objects.standing().count() == 1


def test_the_database_keeps_it_too(suit: Recourse) -> None:
    row = Recourse.objects.filter(pk=suit.pk)
    for change in ({"care": -1}, {"care": 0, "costs": 0}, {"outcome": "refused", "decided_on": date(2026, 1, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(**change)
    for statement in ("DELETE FROM complaints_recourse", "UPDATE complaints_recourseevent SET text = ''"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


WHO_SEES = [("sp3", True), ("boris", True), ("op2", True), ("vera", False), ("clerk", False), ("far", False)]


@pytest.mark.parametrize(("who", "sees"), WHO_SEES)
def test_who_sees(cast: SimpleNamespace, won: Recourse, who: str, sees: bool) -> None:
    employee = getattr(cast, who)
    RecoursePayment.objects.create(recourse=won, on=date(2026, 5, 1), care=1)
    with enter(employee.scope):
        for model in (Recourse, RecoursePayment, RecourseEvent):
            assert model.objects.exists() is model.objects.accessible_to(employee).exists() is sees


def test_the_fund_reads_an_insurers_suit_and_changes_its_own(
    act: Act, cast: SimpleNamespace, suit: Recourse, place: SimpleNamespace
) -> None:
    cast.op2.assignments.update(role=Role.objects.get(slug="supervisor"))
    fund = type(cast.op2).objects.get(pk=cast.op2.pk)
    with pytest.raises(NotYourCase):
        act(fund, services.withdraw_recourse, suit.pk, why="Не тот")
    assert act(fund, services.file_recourse, **ASKED).insurer is None
    with enter(cast.sp3.scope):
        assert Recourse.objects.get() == suit


MAY_OPEN = [
    ("recourse/", "sp3", 200), ("recourse/", "op2", 200), ("recourse/", "timur", 200), ("recourse/", "alina", 403),
    ("recourse/", "clerk", 403), ("recourse/new/", "sp3", 200), ("recourse/new/", "op2", 403),
    ("recourse/new/", "timur", 403), ("{}", "sp3", 200), ("{}", "op2", 200), ("{}", "timur", 302),
    ("{}outcome/", "boris", 200), ("{}outcome/", "op2", 403), ("{}", "vera", 403),
]  # fmt: skip


@pytest.mark.parametrize(("page", "who", "status"), MAY_OPEN)
def test_who_opens(go: Any, suit: Recourse, page: str, who: str, status: int) -> None:
    assert go(who, f"/complaints/{page.format(f'recourse/{suit.pk}/')}").status_code == status


def test_a_suit_of_another_insurer_is_not_found(go: Any, cast: SimpleNamespace, suit: Recourse) -> None:
    cast.vera.assignments.update(role=Role.objects.get(slug="sp3"))
    for page in ("", "correct/", "outcome/", "payment/", "withdraw/"):
        assert go("vera", f"/complaints/recourse/{suit.pk}/{page}").status_code == 404


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_pages_from_an_empty_register_to_money(go: Any, polina: Any, place: SimpleNamespace) -> None:
    assert "Исков пока нет" in text_of(go("sp3", "/complaints/recourse/"))
    given = {"filed_on": "02.03.2026", "court": "Районный суд", "care": "1000,50", "enp": polina.enp}
    assert "Впишите хотя бы одну сумму" in text_of(go("sp3", "/complaints/recourse/new/", given | {"care": ""}))
    assert "меньше нуля" in text_of(go("sp3", "/complaints/recourse/new/", given | {"care": "-5"}))
    assert "с таким ЕНП" in text_of(go("sp3", "/complaints/recourse/new/", given | {"enp": "5476410835007779"}))
    here = go("sp3", "/complaints/recourse/new/", given)["Location"]
    row = Recourse.objects.get()
    assert (row.person, row.care) == (polina, Decimal("1000.50"))
    page = text_of(go("sp3", here))
    assert polina.full_name in page
    assert AuditLine.objects.filter(action="complaints.recourse.read", details={"person": polina.pk}).exists()
    assert "Взыскание" not in page, "no money before an outcome"
    assert go("sp3", f"{here}payment/")["Location"] == here, "she is told before she types"
    assert go("sp3", f"{here}correct/").context["form"]["care"].value() == "1000,50"

    outcome = go("sp3", f"{here}outcome/")
    opened = outcome.context["form"].fields["opened"].initial
    decided = {"outcome": "satisfied", "decided_on": "01.04.2026", "opened": opened}
    assert go("sp3", f"{here}outcome/", decided).status_code == 302
    assert go("sp3", f"{here}payment/", {"on": "05.05.2026", "care": "300"}).status_code == 302
    listed = text_of(go("sp3", "/complaints/recourse/?since=01.03.2026&until=31.03.2026"))
    assert "1000,50" in "".join(listed.split())
    assert "300,00" in listed
    assert "Здесь пусто" in text_of(go("sp3", "/complaints/recourse/?since=01.04.2026"))
    assert go("sp3", "/complaints/recourse/?since=02.04.2026&until=01.04.2026").status_code == 422
    paid = RecoursePayment.objects.get()
    assert go("sp3", f"{here}payment/{paid.pk}/", {"why": "Не то дело"}).status_code == 302
    assert go("sp3", f"{here}withdraw/", {"why": "Дважды"}).status_code == 302
    assert "запись снята" in text_of(go("sp3", here))
    assert "Районный суд" in text_of(go("sp3", "/complaints/recourse/?state=withdrawn"))


def test_two_people_correct_one_suit(go: Any, act: Act, cast: SimpleNamespace, suit: Recourse) -> None:
    here = f"/complaints/recourse/{suit.pk}/correct/"
    form = go("sp3", here).context["form"]
    mine = {name: form[name].value() or "" for name in form.fields} | {"why": "Опечатка", "court": "Железнодорожный"}
    mine["filed_on"] = "02.03.2026"
    given = ASKED | {"number": suit.number, "costs": suit.costs, "provider": suit.provider, "person_id": suit.person_id}
    act(cast.boris, services.correct_recourse, suit.pk, why="Сумма", **(given | {"care": Decimal(5)}))
    assert go("sp3", here, mine).status_code == 409
    suit.refresh_from_db()
    assert (suit.court, suit.care) == ("Центральный районный суд", 5)


def test_somebody_insured_elsewhere_since_stays_without_a_name(
    go: Any, suit: Recourse, polina: Any, place: SimpleNamespace
) -> None:
    type(polina).objects.filter(pk=polina.pk).update(insurer=place.beta)
    here = f"/complaints/recourse/{suit.pk}/"
    page = text_of(go("sp3", here))
    assert polina.full_name not in page
    assert "имя не показываем" in page
    form = go("sp3", f"{here}correct/").context["form"]
    given = {name: form[name].value() or "" for name in form.fields}
    given |= {"why": "Опечатка", "court": "Другой суд", "filed_on": "02.03.2026", "provider": place.clinic.pk}
    assert go("sp3", f"{here}correct/", given).status_code == 302
    suit.refresh_from_db()
    assert (suit.court, suit.person_id) == ("Другой суд", polina.pk)


def test_an_unknown_suit(go: Any) -> None:
    assert go("sp3", f"/complaints/recourse/{UUID(int=7)}/").status_code == 404
    assert go("sp3", f"/complaints/recourse/{UUID(int=7)}/payment/{UUID(int=8)}/").status_code == 404
