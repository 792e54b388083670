"""The path of a complaint from the journal to a restored right, and what is refused on it."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from opora.access.scope import enter
from opora.appeals import services as journal
from opora.appeals.models import Appeal, Reason
from opora.complaints import clinics, services
from opora.complaints.errors import (
    CaseChanged,
    ComplaintsError,
    ExpertEmployed,
    NoSuchCase,
    NotYourCase,
    TooEarly,
    WordsNeeded,
    WrongDates,
)
from opora.complaints.models import Case, CaseEvent, Claim, Control, RecordsRequest, Violation
from opora.complaints.services import Found
from opora.complaints.tests.conftest import Play
from opora.shared.errors import DomainError

LATE_CARE = Found("3.3", "outpatient", Decimal("1000.00"), Decimal("500.00"), "Не назначили исследование")


def test_a_complaint_opens_its_case_once(complaint: Appeal, case: Case, place: Any) -> None:
    assert (case.stage, case.insurer, case.due_on) == ("opened", place.alfa, complaint.due_on)
    assert services.follow([complaint.pk]) == 0


def test_a_case_follows_its_appeal_to_the_fund(play: Play, complaint: Appeal, place: Any) -> None:
    play.as_(play.expert, services.take, complaint.pk)
    Appeal.objects.filter(pk=complaint.pk).update(handler=place.fund)
    services.follow([complaint.pk])
    play.case.refresh_from_db()
    assert (play.case.insurer, play.case.expert) == (None, None)


def test_from_the_journal_to_a_restored_right(play: Play, complaint: Appeal) -> None:
    act = play.handed(LATE_CARE)
    assert play.stage() == "with_clinic"
    violation = Violation.objects.get(control=act)
    assert (violation.nonpay, violation.fine) == (Decimal("400.00"), Decimal("150.00"))

    play.as_(play.clerk, services.sign, act.pk)
    play.as_(play.expert, services.finish, act.pk)
    assert play.stage() == "verdict"
    reason = Reason.objects.get(appeal=complaint)
    play.as_(play.expert, services.set_verdict, reason.pk, verdict="justified", why="Акт Э-1")
    assert play.stage() == "restoring"
    play.as_(play.expert, services.restore, complaint.pk, how="appointment", on=timezone.localdate(), reason=reason)
    assert play.stage() == "ready"
    play.as_(play.expert, services.close_case, complaint.pk)
    assert play.stage() == "closed"
    told = list(CaseEvent.objects.filter(case=play.case).order_by("at", "id").values_list("kind", flat=True))
    assert told[:5] == ["opened", "standing", "decided", "requested", "answered"]
    assert told[-3:] == ["verdict", "restored", "closed"]


def test_without_a_check_the_verdict_comes_next(play: Play, complaint: Appeal) -> None:
    play.decided("not_needed")
    assert play.stage() == "verdict"


def test_an_unjustified_complaint_has_nothing_to_restore(play: Play, complaint: Appeal) -> None:
    play.decided("not_needed")
    play.as_(play.expert, services.set_verdict, Reason.objects.get().pk, verdict="unjustified", why="Срок не нарушен")
    assert play.stage() == "ready"


def test_nothing_is_decided_before_who_complains_is_known(play: Play) -> None:
    with pytest.raises(TooEarly):
        play.as_(play.expert, services.decide, play.case.pk, decision="needed", ground="complaint")


def test_a_proxy_names_his_paper(play: Play) -> None:
    with pytest.raises(WordsNeeded):
        play.as_(play.expert, services.set_standing, play.case.pk, speaks="proxy", consent="given")


def test_documents_wait_for_consent(play: Play) -> None:
    play.as_(play.expert, services.set_standing, play.case.pk, speaks="patient", consent="awaited")
    with pytest.raises(TooEarly):
        play.as_(play.expert, services.decide, play.case.pk, decision="needed", ground="complaint")


def test_no_check_without_words(play: Play) -> None:
    play.as_(play.expert, services.set_standing, play.case.pk, speaks="patient", consent="given")
    with pytest.raises(WordsNeeded):
        play.as_(play.expert, services.decide, play.case.pk, decision="not_needed")


def test_the_clinic_sees_the_request_and_never_the_case(play: Play) -> None:
    request = play.asked()
    with enter(play.clerk.scope):
        assert RecordsRequest.objects.get() == request
        assert not Case.objects.exists()
        assert not CaseEvent.objects.exists()
    with enter(play.cast.vera.scope):
        assert not RecordsRequest.objects.exists()


def test_an_act_is_hidden_from_the_clinic_until_it_is_handed_over(play: Play) -> None:
    act = play.assigned()
    with enter(play.clerk.scope):
        assert not Control.objects.exists()
    play.as_(play.expert, services.write_act, act.pk, number="Э-1", on=timezone.localdate(), conclusion="Да")
    play.as_(play.expert, services.hand_over, act.pk)
    with enter(play.clerk.scope):
        assert Control.objects.get() == act


def test_an_answer_without_papers_says_why(play: Play) -> None:
    request = play.asked()
    with pytest.raises(WordsNeeded):
        play.as_(play.clerk, services.answer, request.pk)


def test_a_returned_answer_is_awaited_again(play: Play) -> None:
    request = play.asked()
    play.as_(play.clerk, services.answer, request.pk, text="Карта утеряна")
    play.as_(play.expert, services.send_back, request.pk, why="Пришлите журнал приёма")
    play.as_(play.clerk, services.answer, request.pk, text="Журнал приложен")
    request.refresh_from_db()
    assert request.state == "answered"


def test_papers_of_a_clinic_are_kept_once(play: Play, settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    request = play.asked()
    pdf = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
    first = play.as_(play.clerk, services.add_paper, request.pk, name="карта.pdf", content=pdf)
    again = play.as_(play.clerk, services.add_paper, request.pk, name="карта 2.pdf", content=pdf)
    assert first == again


def test_another_clinic_does_not_answer(play: Play, place: Any) -> None:
    request = play.asked()
    RecordsRequest.objects.filter(pk=request.pk).update(provider=place.clinic2)
    with pytest.raises(NoSuchCase):
        play.as_(play.clerk, services.answer, request.pk, text="Не наш пациент")


def test_an_expert_of_the_checked_clinic_is_refused(play: Play) -> None:
    request = play.accepted()
    with pytest.raises(ExpertEmployed):
        play.as_(play.expert, services.assign, request.pk, kind="ekmp", expert=play.experts.busy)


def test_the_database_refuses_him_too(play: Play) -> None:
    act = play.assigned()
    with pytest.raises(IntegrityError, match="works in the clinic"), transaction.atomic():
        Control.objects.filter(pk=act.pk).update(expert=play.experts.busy)


def test_an_expert_of_another_kind_is_refused(play: Play) -> None:
    request = play.accepted()
    with pytest.raises(ComplaintsError, match="МЭЭ"):
        play.as_(play.expert, services.assign, request.pk, kind="ekmp", expert=play.experts.mee)


def test_no_expert_before_the_documents(play: Play) -> None:
    request = play.asked()
    with pytest.raises(TooEarly):
        play.as_(play.expert, services.assign, request.pk, kind="ekmp", expert=play.experts.free)


@pytest.mark.parametrize(
    ("shift", "found", "refusal"),
    [
        (-1, [], WrongDates),
        (1, [], WrongDates),
        (0, [Found("9.9", "outpatient", Decimal(1), Decimal(1))], ComplaintsError),
        (0, [Found("2.1", "outpatient", Decimal(1), Decimal(1))], ComplaintsError),  # of МЭЭ
        (0, [Found("3.1", "outpatient", Decimal(-1), Decimal(1))], ComplaintsError),
    ],
)
def test_a_wrong_act_changes_nothing(play: Play, shift: int, found: list[Found], refusal: type[DomainError]) -> None:
    act = play.assigned()
    day = timezone.localdate() + timedelta(days=shift)
    with pytest.raises(refusal):
        play.as_(play.expert, services.write_act, act.pk, number="Э-1", on=day, conclusion="", found=found)
    act.refresh_from_db()
    assert (act.state, act.violations.count()) == ("assigned", 0)


def test_the_database_refuses_an_act_before_the_request(play: Play) -> None:
    act = play.assigned()
    with pytest.raises(IntegrityError, match="after the request"), transaction.atomic():
        Control.objects.filter(pk=act.pk).update(act_on=date(2020, 1, 1), act_number="Э-0", state="act")


def test_a_number_of_an_act_is_given_once(play: Play) -> None:
    play.handed(LATE_CARE)
    request = RecordsRequest.objects.get()
    mee = play.as_(play.expert, services.assign, request.pk, kind="mee", expert=play.experts.mee)
    with pytest.raises(ComplaintsError, match="уже есть"):
        play.as_(play.expert, services.write_act, mee.pk, number="Э-1", on=timezone.localdate(), conclusion="")


def test_disagreement_wants_a_reply(play: Play) -> None:
    act = play.handed(LATE_CARE)
    play.as_(play.clerk, services.sign, act.pk, disagreement="Исследование проведено")
    with pytest.raises(WordsNeeded):
        play.as_(play.expert, services.finish, act.pk)
    play.as_(play.expert, services.finish, act.pk, reply="Записи об исследовании нет")
    assert play.stage() == "verdict"


def test_a_disagreement_takes_violations_back(play: Play, cast: SimpleNamespace, place: SimpleNamespace) -> None:
    """What does not stand counts neither in sums nor in the claim, which the fund decides of the rest."""
    second = Found("3.4", "outpatient", Decimal("200.00"), Decimal("100.00"))
    act = play.handed(LATE_CARE, second)
    stands, taken = act.violations.get(code="3.3"), act.violations.get(code="3.4")
    play.as_(play.clerk, services.sign, act.pk, disagreement="3.4 не было: запись есть")
    play.as_(play.expert, services.finish, act.pk, reply="Запись нашли", upheld=[stands.pk])
    assert list(act.violations.values_list("code", "is_upheld", "lifted_by")) == [
        ("3.3", True, ""),
        ("3.4", False, "insurer"),
    ]
    told = CaseEvent.objects.get(kind="final")
    assert (told.text, told.details["lifted"]) == ("Запись нашли\nСняты нарушения: 3.4.", [str(taken.pk)])
    with enter(cast.sp3.scope):
        figures = clinics.figures(clinics.Asked(place.clinic, cast.sp3, clinics.Period(act.act_on, act.act_on)))
    assert (figures["nonpay"], figures["fine"]) == (Decimal("400.00"), Decimal("150.00"))
    claim = play.as_(play.clerk, services.claim, act.pk, number="П-1", grounds="И 3.3 не было")
    answer = {"decision": "unjustified", "answer": "Отказать", "upheld": [stands.pk]}
    play.as_(play.fund, services.decide_claim, claim.pk, **answer)
    taken.refresh_from_db()
    assert (taken.is_upheld, taken.lifted_by) == (False, "insurer")


def test_nothing_is_taken_back_of_a_signed_act(play: Play) -> None:
    act = play.handed(LATE_CARE)
    play.as_(play.clerk, services.sign, act.pk)
    with pytest.raises(ComplaintsError, match="по разногласиям"):
        play.as_(play.expert, services.finish, act.pk, upheld=[])
    assert act.violations.get().is_upheld is None


def test_a_silent_clinic_has_its_days(play: Play) -> None:
    act = play.handed(LATE_CARE)
    with pytest.raises(TooEarly, match="Клиника может ответить до"):
        play.as_(play.expert, services.finish, act.pk)
    Control.objects.filter(pk=act.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    play.as_(play.expert, services.finish, act.pk)
    assert play.stage() == "verdict"


def test_no_verdict_while_the_act_is_with_the_clinic(play: Play) -> None:
    play.handed(LATE_CARE)
    with pytest.raises(TooEarly, match="Акт у клиники"):
        play.as_(play.expert, services.set_verdict, Reason.objects.get().pk, verdict="justified", why="Акт")


def test_a_check_after_the_verdict_asks_for_it_again(play: Play, complaint: Appeal) -> None:
    """A verdict knows nothing of an act that ended later: the case waits for a decision, and says so."""
    act = play.handed(LATE_CARE)
    play.as_(play.clerk, services.sign, act.pk)
    play.as_(play.expert, services.finish, act.pk)
    reason = Reason.objects.get()
    play.as_(play.expert, services.set_verdict, reason.pk, verdict="unjustified", why="Акт Э-1")
    assert play.stage() == "ready"
    later = play.as_(play.expert, services.assign, act.request_id, kind="mee", expert=play.experts.mee)
    today = timezone.localdate()
    play.as_(play.expert, services.write_act, later.pk, number="", on=today, conclusion="Замечаний нет")
    play.as_(play.expert, services.hand_over, later.pk)
    play.as_(play.clerk, services.sign, later.pk)
    play.as_(play.expert, services.finish, later.pk)
    assert play.stage() == "verdict"
    with pytest.raises(TooEarly, match="раньше, чем закончилась последняя экспертиза"):
        play.as_(play.expert, services.close_case, complaint.pk)
    play.as_(play.expert, services.set_verdict, reason.pk, verdict="unjustified", why="Оба акта")
    assert play.stage() == "ready"


def test_a_claim_changes_the_verdict(play: Play, complaint: Appeal) -> None:
    act = play.handed(LATE_CARE)
    play.as_(play.clerk, services.sign, act.pk, disagreement="Нет")
    play.as_(play.expert, services.finish, act.pk, reply="Остаётся")
    reason = Reason.objects.get()
    play.as_(play.expert, services.set_verdict, reason.pk, verdict="justified", why="Акт Э-1")
    play.as_(play.expert, services.restore, complaint.pk, how="appointment", on=timezone.localdate())
    play.as_(play.expert, services.close_case, complaint.pk)

    claim = play.as_(play.clerk, services.claim, act.pk, number="П-7", grounds="Исследование проведено 3 марта")
    assert (play.stage(), claim.is_late) == ("claim", False)
    with pytest.raises(ComplaintsError, match="этот же эксперт"):
        play.as_(play.fund, services.review, claim.pk, expert=play.experts.free)
    second = play.as_(play.fund, services.review, claim.pk, expert=play.experts.second)
    play.as_(
        play.fund,
        services.decide_claim,
        claim.pk,
        decision="justified",
        answer="Запись об исследовании найдена",
        act_number="РЭ-1",
        conclusion="Исследование проведено",
    )
    act.refresh_from_db()
    second.refresh_from_db()
    assert (second.state, act.violations.get().is_upheld) == ("final", False)
    assert play.stage() == "ready"
    play.as_(play.expert, services.set_verdict, reason.pk, verdict="unjustified", why="Решение фонда по претензии П-7")
    reason.refresh_from_db()
    assert reason.verdict == "unjustified"


def test_a_decision_agrees_with_what_is_upheld(play: Play) -> None:
    act = play.handed(LATE_CARE)
    play.as_(play.clerk, services.sign, act.pk, disagreement="Нет")
    claim = play.as_(play.clerk, services.claim, act.pk, number="П-1", grounds="Не согласны")
    with pytest.raises(ComplaintsError, match="остаются в силе"):
        play.as_(play.fund, services.decide_claim, claim.pk, decision="unjustified", answer="Отказать")
    upheld = [act.violations.get().pk]
    play.as_(play.fund, services.decide_claim, claim.pk, decision="unjustified", answer="Отказать", upheld=upheld)
    with pytest.raises(TooEarly):
        play.as_(play.fund, services.decide_claim, claim.pk, decision="unjustified", answer="Отказать", upheld=upheld)


def test_a_second_claim_and_a_claim_of_another_are_refused(play: Play) -> None:
    act = play.handed(LATE_CARE)
    play.as_(play.clerk, services.claim, act.pk, number="П-1", grounds="Не согласны")
    with pytest.raises(ComplaintsError, match="уже подана"):
        play.as_(play.clerk, services.claim, act.pk, number="П-2", grounds="Ещё раз")
    assert Claim.objects.count() == 1


def test_a_late_claim_is_taken_and_marked(play: Play) -> None:
    act = play.handed(LATE_CARE)
    Control.objects.filter(pk=act.pk).update(claim_until=timezone.localdate() - timedelta(days=1))
    assert play.as_(play.clerk, services.claim, act.pk, number="П-1", grounds="Не согласны").is_late


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"how": "money"}, ComplaintsError),
        ({"how": "money", "amount": Decimal(-5)}, ComplaintsError),
        ({"how": "impossible"}, WordsNeeded),
        ({"how": "drug", "on": date(2999, 1, 1)}, WrongDates),
        ({"how": "drug", "on": date(2020, 1, 1)}, WrongDates),
    ],
)
def test_a_restored_right_is_told_in_full(play: Play, given: dict[str, Any], refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        play.as_(play.expert, services.restore, play.case.pk, **{"on": timezone.localdate(), **given})


def test_a_dispute_ends_after_it_began(play: Play) -> None:
    today = timezone.localdate()
    row = play.sued()
    with pytest.raises(WrongDates):
        play.as_(play.expert, services.end_dispute, row.pk, outcome="satisfied", decided_on=today - timedelta(days=1))
    play.as_(
        play.expert,
        services.end_dispute,
        row.pk,
        outcome="satisfied",
        decided_on=today,
        awarded=Decimal("15000.50"),
        payer="provider",
        moral=Decimal("5000"),
    )
    row.refresh_from_db()
    assert row.awarded == Decimal("15000.50")


def test_a_case_does_not_end_half_done(play: Play) -> None:
    with pytest.raises(TooEarly, match="нужна ли экспертиза"):
        play.as_(play.expert, services.close_case, play.case.pk)


def test_the_fund_reads_a_case_of_an_insurer_and_does_not_act_on_it(play: Play) -> None:
    with pytest.raises(NotYourCase):
        play.as_(play.fund, services.take, play.case.pk)


def test_a_case_of_another_insurer_does_not_exist(play: Play, cast: SimpleNamespace) -> None:
    with enter(cast.vera.scope):
        assert not Case.objects.accessible_to(cast.vera).exists()


def test_two_people_do_not_overwrite_each_other(play: Play) -> None:
    play.as_(play.expert, services.take, play.case.pk, version=1)
    with pytest.raises(CaseChanged):
        play.as_(play.expert, services.note, play.case.pk, text="Ещё", version=1)


def test_a_case_is_not_deleted(play: Play) -> None:
    play.as_(play.expert, services.note, play.case.pk, text="Позвонили")
    with pytest.raises(DatabaseError, match="keeps its rows"), transaction.atomic():
        Case.objects.filter(pk=play.case.pk)._raw_delete("default")


def test_services_that_never_were(play: Play) -> None:
    day = timezone.localdate() - timedelta(days=3)
    row = play.as_(play.expert, services.doubt, play.case.pk, on=day, title="Осмотр терапевта", provider_name="ГП 1")
    assert play.as_(play.expert, services.doubt, play.case.pk, on=day, title="Осмотр терапевта") == row
    play.as_(play.expert, services.find_doubted, row.pk, found="absent")
    row.refresh_from_db()
    assert row.found == "absent"


def test_the_journal_keeps_the_verdict(play: Play, complaint: Appeal) -> None:
    play.decided("not_needed")
    reason = Reason.objects.get()
    play.as_(play.expert, services.set_verdict, reason.pk, verdict="justified", why="Клиника признала")
    assert play.as_(play.expert, journal.note, complaint.pk, text="Решение принято").version > complaint.version


@pytest.mark.parametrize(
    ("ended", "about"),
    [
        ({"awarded": Decimal(100)}, "payer"),
        ({"payer": "provider"}, "awarded"),
        ({"awarded": Decimal(100), "payer": "provider", "moral": Decimal(101)}, "moral"),
    ],
)
def test_what_was_awarded_is_told_in_full(play: Play, ended: dict[str, Any], about: str) -> None:
    today = timezone.localdate()
    begun = {"track": "pretrial", "filed_on": today, "place": "Клиника"}
    row = play.as_(play.expert, services.open_dispute, play.case.pk, **begun)
    with pytest.raises(ComplaintsError) as refusal:
        play.as_(play.expert, services.end_dispute, row.pk, outcome="satisfied", decided_on=today, **ended)
    assert refusal.value.details["field"] == about


def test_a_suit_is_filed_by_somebody(play: Play) -> None:
    begun = {"track": "court", "filed_on": timezone.localdate(), "place": "Районный суд"}
    with pytest.raises(ComplaintsError, match="кто подал иск"):
        play.as_(play.expert, services.open_dispute, play.case.pk, **begun)
