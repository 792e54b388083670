"""From a draft to an answer that may be said, and back; the history of wordings stays."""

from datetime import date
from typing import Any

import pytest
from django.db import Error, transaction

from opora.audit.models import AuditLine
from opora.knowledge import errors, queries, services
from opora.knowledge.models import AnswerCard, CardDecision, CardText
from opora.knowledge.tests.conftest import WORDING
from opora.shared.conflict import ChangedMeanwhile

TODAY = date(2026, 6, 1)


def said(card: AnswerCard) -> str | None:
    found = queries.card_for("post", "50000", 1, TODAY)
    return found.body if found else None


def test_a_draft_is_never_said(card: AnswerCard) -> None:
    assert card.status == "draft"
    assert said(card) is None


def test_an_approved_card_is_said_with_the_terms_of_the_day(approved: AnswerCard) -> None:
    assert said(approved) == "В поликлинике на первом этаже. Специалиста ждут 14 рабочих дней."
    assert AuditLine.objects.filter(action="knowledge.card.approved").count() == 1


def test_nobody_approves_her_own_words(card: AnswerCard, cast: Any) -> None:
    row = services.submit_card(card, version=card.version, by=cast.sp3)
    with pytest.raises(errors.OwnWording):
        services.approve_card(row, version=row.version, by=cast.sp3)


def test_a_draft_cannot_be_approved_past_its_author(card: AnswerCard, cast: Any) -> None:
    with pytest.raises(errors.NotSubmitted):
        services.approve_card(card, version=card.version, by=cast.boris)


def test_the_approved_words_are_said_while_the_new_ones_wait(approved: AnswerCard, cast: Any) -> None:
    wording = {**WORDING, "body": "На втором этаже."}
    row = services.reword_card(approved, version=approved.version, wording=wording, by=cast.sp3)
    assert row.status == "draft"
    assert said(row) is not None
    assert "первом" in (said(row) or "")
    row = services.submit_card(row, version=row.version, by=cast.sp3)
    row = services.approve_card(row, version=row.version, by=cast.boris)
    assert said(row) == "На втором этаже."
    assert list(row.texts.values_list("number", flat=True)) == [2, 1]


def test_the_same_words_again_are_no_new_wording(card: AnswerCard, cast: Any) -> None:
    services.reword_card(card, version=card.version, wording=WORDING, by=cast.sp3)
    assert card.texts.count() == 1


def test_a_return_says_why(card: AnswerCard, cast: Any) -> None:
    row = services.submit_card(card, version=card.version, by=cast.sp3)
    with pytest.raises(errors.WhyMissing):
        services.return_card(row, version=row.version, why="  ", by=cast.boris)
    row = services.return_card(row, version=row.version, why="Назовите кабинет", by=cast.boris)
    assert row.status == "draft"
    assert row.decisions.filter(kind=CardDecision.Kind.RETURNED).get().why == "Назовите кабинет"


def test_a_withdrawn_card_is_gone_at_once_and_can_come_back(approved: AnswerCard, cast: Any) -> None:
    row = services.withdraw_card(approved, version=approved.version, why="Закон изменился", by=cast.boris)
    assert said(row) is None
    assert not queries.find_cards("пост представителя", territory="50000", level=3, on=TODAY)
    row = services.restore_card(row, version=row.version, by=cast.boris)
    assert said(row) is not None


def test_a_stale_version_is_refused(card: AnswerCard, cast: Any) -> None:
    services.submit_card(card, version=card.version, by=cast.sp3)
    with pytest.raises(ChangedMeanwhile):
        services.reword_card(card, version=card.version, wording={**WORDING, "body": "Иначе."}, by=cast.sp3)


@pytest.mark.parametrize(("since", "until"), [(date(2026, 7, 1), None), (date(2026, 1, 1), date(2026, 5, 31))])
def test_outside_its_days_a_card_hides_itself(cast: Any, since: date, until: date | None) -> None:
    wording = {**WORDING, "valid_since": since, "valid_until": until}
    row = services.add_card("dated", territory="50000", wording=wording, by=cast.sp3)
    row = services.submit_card(row, version=row.version, by=cast.sp3)
    row = services.approve_card(row, version=row.version, by=cast.boris)
    assert said(row) is None
    assert queries.spoken(row, territory="50000", on=TODAY) is None
    assert queries.spoken(row, territory="50000", on=since) is not None


def test_a_field_nobody_can_fill_is_refused_with_its_place(cast: Any) -> None:
    wording = {**WORDING, "body": "Ждать:\n  {waiting:MOON} или {term:"}
    with pytest.raises(errors.FieldUnknown, match="строка 2, знак 3") as refusal:
        services.add_card("moon", territory="50000", wording=wording, by=cast.sp3)
    assert "скобка без пары" in refusal.value.sentence


def test_a_card_without_its_term_is_not_said(approved: AnswerCard) -> None:
    """The shipped waiting limits end with 2026: no figure is better than a stale one."""
    assert queries.card_for("post", "50000", 1, date(2027, 3, 1)) is None


def test_a_code_is_given_once_in_a_territory(card: AnswerCard, cast: Any) -> None:
    with pytest.raises(errors.SlugTaken):
        services.add_card("post", territory="50000", wording=WORDING, by=cast.sp3)


@pytest.mark.parametrize("model", [CardText, CardDecision])
def test_wordings_and_decisions_are_never_changed(approved: AnswerCard, model: Any) -> None:
    with pytest.raises(Error, match=r"Cannot (update|delete)"), transaction.atomic():
        model.objects.filter(card=approved).update(at="2020-01-01T00:00Z")
    with pytest.raises(Error, match=r"Cannot (update|delete)"), transaction.atomic():
        model.objects.filter(card=approved).delete()
