"""From a draft to an answer that may be said, and back; the history of wordings stays."""

from datetime import date
from typing import Any

import pytest
from django.db import Error, transaction
from django.utils import timezone

from opora.audit.models import AuditLine
from opora.knowledge import deciding, errors, queries, services, shipping
from opora.knowledge.models import AnswerCard, CardDecision, CardText
from opora.knowledge.tests.conftest import WORDING
from opora.organisations.models import Assignment, Role
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


@pytest.fixture
def common(card: AnswerCard, cast: Any) -> AnswerCard:
    """A card of everybody that waits for approval."""
    AnswerCard.objects.filter(pk=card.pk).update(territory="")
    card.refresh_from_db()
    return services.submit_card(card, version=card.version, by=cast.op2)


@pytest.fixture
def far_chief(cast: Any) -> Any:
    """Somebody of the fund of another territory who approves as well."""
    Assignment.objects.filter(employee=cast.far).update(role=Role.objects.get(slug="administrator"))
    return type(cast.far).objects.get(pk=cast.far.pk)


@pytest.fixture
def chief(cast: Any) -> Any:
    """Somebody of the fund who approves."""
    return cast.admin


def test_a_common_card_is_decided_by_the_fund_alone(common: AnswerCard, chief: Any, cast: Any) -> None:
    day = timezone.localdate() + services.REVIEWED_EVERY
    for decide in (
        lambda row: services.approve_card(row, version=row.version, by=cast.boris),
        lambda row: services.return_card(row, version=row.version, why="Короче", by=cast.boris),
        lambda row: services.withdraw_card(row, version=row.version, why="Не нужна", by=cast.boris),
        lambda row: services.restore_card(row, version=row.version, by=cast.boris),
        lambda row: services.review_card(row, version=row.version, owner=None, review_on=day, by=cast.boris),
        lambda row: services.reword_card(row, version=row.version, wording=WORDING, by=cast.sp3),
        lambda row: services.submit_card(row, version=row.version, by=cast.sp3),
        lambda row: shipping.settle_offer(row, version=row.version, is_taken=True, by=cast.sp3),
    ):
        with pytest.raises(errors.CommonCard):
            decide(common)
    assert services.approve_card(common, version=common.version, by=chief).status == "approved"
    assert said(common) is not None


def test_with_several_territories_nobody_decides_until_the_server_names_one(
    common: AnswerCard, chief: Any, far_chief: Any, cast: Any, settings: Any
) -> None:
    for by in (chief, far_chief, cast.boris):
        with pytest.raises(errors.CommonCard):
            services.withdraw_card(common, version=common.version, why="Не нужна", by=by)
    assert "OPORA_COMMON_CARDS" in deciding.keeper()
    settings.COMMON_CARDS = "22000"
    with pytest.raises(errors.CommonCard):
        services.approve_card(common, version=common.version, by=chief)
    assert deciding.keeper() == "Её ведёт ТФОМС Алтайского края."
    assert services.approve_card(common, version=common.version, by=far_chief).status == "approved"


def test_the_server_may_name_an_insurer(common: AnswerCard, chief: Any, cast: Any, settings: Any) -> None:
    settings.COMMON_CARDS = "54001"
    with pytest.raises(errors.CommonCard):
        services.approve_card(common, version=common.version, by=chief)
    assert services.approve_card(common, version=common.version, by=cast.boris).status == "approved"


def test_where_no_fund_approves_whoever_may_does(common: AnswerCard, cast: Any) -> None:
    Assignment.objects.filter(organisation__kind="fund", role__slug__in=["supervisor", "administrator"]).delete()
    assert services.approve_card(common, version=common.version, by=cast.boris).status == "approved"


def test_a_territorys_own_card_stands_in_place_of_the_common_one(common: AnswerCard, chief: Any, cast: Any) -> None:
    services.approve_card(common, version=common.version, by=chief)
    own = services.copy_card(common, territory="50000", by=cast.sp3)
    assert services.copy_card(common, territory="50000", by=cast.sp3) == own
    assert (own.slug, own.status, own.text.body) == ("post", "draft", WORDING["body"])  # type: ignore[union-attr]
    row = services.reword_card(own, version=own.version, wording={**WORDING, "body": "У нас на втором."}, by=cast.sp3)
    row = services.submit_card(row, version=row.version, by=cast.sp3)
    services.approve_card(row, version=row.version, by=cast.boris)
    assert said(row) == "У нас на втором."
    elsewhere = queries.card_for("post", "77000", 1, TODAY)
    assert elsewhere is None or elsewhere.card.pk == common.pk


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


UNSOURCED = [
    ({"is_verified": False}, errors.NeedsLawyer),
    ({"sources": "Справочник, вопрос 1: [own]"}, errors.NeedsLawyer),
    ({"sources": "", "legal_basis": ""}, errors.SourceMissing),
]


@pytest.mark.parametrize(("changes", "refusal"), UNSOURCED)
def test_a_card_without_a_source_is_refused_here_and_in_the_database(cast: Any, changes: Any, refusal: Any) -> None:
    row = services.add_card("bare", territory="50000", wording={**WORDING, **changes}, by=cast.sp3)
    row = services.submit_card(row, version=row.version, by=cast.sp3)
    with pytest.raises(refusal):
        services.approve_card(row, version=row.version, by=cast.boris)
    with pytest.raises(Error, match="is not read against its source"), transaction.atomic():
        AnswerCard.objects.filter(pk=row.pk).update(approved=row.text, approved_at="2026-06-01T00:00Z")


def test_an_approval_names_the_owner_and_the_day_of_review(approved: AnswerCard, cast: Any) -> None:
    assert approved.owner == cast.sp3
    assert approved.review_on == timezone.localdate() + services.REVIEWED_EVERY


def test_a_new_pack_renews_only_what_nobody_has_touched(system: None, cast: Any) -> None:
    untouched, ours = AnswerCard.objects.select_related("text").filter(slug__in=["policy-get", "policy-lost"])
    services.reword_card(ours, version=ours.version, wording={**WORDING, "body": "Наш ответ."}, by=cast.op2)
    old = CardText.objects.create(card=untouched, number=2, question="?", body="Прежнее.", valid_since=TODAY)
    AnswerCard.objects.filter(pk=untouched.pk).update(text=old)
    AnswerCard.objects.filter(pk__in=[ours.pk, untouched.pk]).update(pack_version="2026.1")
    assert shipping.load_shipped_cards() == 0
    shipping.load_shipped_cards()
    untouched.refresh_from_db()
    ours.refresh_from_db()
    assert (untouched.texts.count(), untouched.text.body[:5]) == (3, "Полис")  # type: ignore[union-attr]
    assert (ours.texts.count(), ours.text.body) == (2, "Наш ответ.")  # type: ignore[union-attr]
    assert shipping.offer(ours) is not None
    assert shipping.offer(untouched) is None


def test_ours_may_be_kept_against_the_pack(system: None, cast: Any) -> None:
    row = AnswerCard.objects.select_related("text").get(slug="policy-get")
    row = services.reword_card(row, version=row.version, wording={**WORDING, "body": "Наш ответ."}, by=cast.op2)
    AnswerCard.objects.filter(pk=row.pk).update(pack_version="2026.1")
    row.refresh_from_db()
    with pytest.raises(ChangedMeanwhile):
        shipping.settle_offer(row, version=row.version - 1, is_taken=False, by=cast.op2)
    row = shipping.settle_offer(row, version=row.version, is_taken=False, by=cast.op2)
    assert shipping.offer(row) is None
    with pytest.raises(errors.NotFromPack):
        shipping.settle_offer(row, version=row.version, is_taken=True, by=cast.op2)
