"""A round from its draft to its end."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from opora.access.scope import Sees
from opora.audit.services import record
from opora.informing.models import Campaign
from opora.surveys import drawing
from opora.surveys.errors import NoSuchRound, RoundChanged, RoundNotRunning, SurveysError
from opora.surveys.models import Cell, Invitee, Round, Survey, SurveyVersion
from opora.surveys.results import fold
from opora.surveys.services.release import release, silent_ones
from opora.surveys.services.surveys import check_right, place_of
from opora.surveys.strata import ANYONE
from opora.surveys.words import InviteeState, Mode, RoundState, Source

if TYPE_CHECKING:
    from opora.organisations.models import Employee, Organisation

WITH_PEOPLE = {Mode.PHONE, Mode.LINK}
MOST_WANTED = 100_000
LONGEST_REST = 180  # the list of who was asked is kept no longer (``release.PEOPLE_KEPT``)


@transaction.atomic
def draft_round(
    survey: Survey,
    *,
    title: str,
    since: date,
    until: date,
    modes: Sequence[str],
    source: str = Source.REGISTER,
    wanted: int = 0,
    reserve: int = 5,
    campaign: Campaign | None = None,
    provider: Organisation | None = None,
    rest_days: int = 90,
    by: Employee,
) -> Round:
    """Make a draft of a round of her organisation with the newest questionnaire. Raises SurveysError."""
    check_right(by)
    version = survey.newest
    if version is None:
        raise SurveysError("У этого опроса ещё нет анкеты.")
    _check(modes, source, wanted, campaign, since, until)
    if not 1 <= rest_days <= LONGEST_REST:
        raise SurveysError(f"Одного человека спрашивают не чаще, чем раз в 1–{LONGEST_REST} дней.")
    scope = by.scope
    asked = Round.objects.create(
        survey=survey,
        version=version,
        territory=place_of(by),
        insurer_id=scope.insurer if scope.sees == Sees.INSURER else None,
        provider=provider,
        title=title.strip(),
        since=since,
        until=until,
        modes=[one for one in Mode.values if one in modes],
        source=source,
        campaign_id=campaign.pk if campaign else None,
        campaign_year=campaign.year if campaign else None,
        wanted=wanted,
        reserve=reserve,
        rest_days=rest_days,
        by=by,
    )
    record("surveys.draft", asked, by=by)
    return asked


@transaction.atomic
def lay_sample(round_id: int, *, by: Employee) -> list[drawing.Counted]:
    """Count who could be asked and lay the quotas of a draft. Raises RoundChanged."""
    asked = locked(round_id, by)
    if asked.state != RoundState.DRAFT:
        raise RoundChanged("Опрос уже начат: его выборка не меняется.")
    if not asked.asks_people:
        return []
    found = drawing.count(asked)
    drawing.lay_quotas(asked, found)
    return found


@transaction.atomic
def launch_round(round_id: int, *, lock: int, address: str = "", by: Employee) -> Round:
    """Begin a round: its questionnaire is frozen, its people are drawn. ``address`` — of the site, for links of SMS.

    Raises RoundChanged, SurveysError where there is nobody to ask.
    """
    asked = locked(round_id, by)
    if asked.lock != lock or asked.state != RoundState.DRAFT:
        raise RoundChanged
    if asked.asks_people:
        drawing.lay_quotas(asked, drawing.count(asked))
        if not drawing.draw(asked):
            raise SurveysError("Спросить некого: в выборку не попал ни один человек. Проверьте, кого вы выбрали.")
    if asked.is_after_talks:
        Cell.objects.get_or_create(round=asked, number=ANYONE)
    now = timezone.now()
    SurveyVersion.objects.filter(pk=asked.version_id, used_at=None).update(used_at=now)
    _move(asked, state=RoundState.RUNNING, launched_at=now, address=address.rstrip("/"))
    record("surveys.launch", asked, by=by)
    return asked


@transaction.atomic
def change_version(round_id: int, *, lock: int, by: Employee) -> Round:
    """Go on with the newest questionnaire. Talks that are under way end with the one they began with."""
    asked = locked(round_id, by)
    newest = asked.survey.newest
    if asked.lock != lock or newest is None:
        raise RoundChanged
    if asked.is_closed:
        raise RoundNotRunning
    if asked.is_running:
        SurveyVersion.objects.filter(pk=newest.pk, used_at=None).update(used_at=timezone.now())
    _move(asked, version_id=newest.pk)
    record("surveys.change_version", asked, by=by, details={"version": newest.number})
    return asked


@transaction.atomic
def close_round(round_id: int, *, lock: int, by: Employee) -> int:
    """End a round and lay down its sheets; return how many. What waited is let go. Raises RoundChanged."""
    asked = locked(round_id, by)
    if asked.lock != lock or not asked.is_running:
        raise RoundChanged
    now = timezone.now()
    people = Invitee.objects.filter(round=asked)
    people.filter(state=InviteeState.HELD).update(state=InviteeState.WAITING)
    people.update(token_hash=None, phone="", employee=None, claimed_at=None)
    _move(asked, state=RoundState.CLOSED, closed_at=now, post_hash="", silent=silent_ones(asked))
    laid = release(asked, timezone.localdate(now))
    Round.objects.filter(pk=asked.pk).update(tally=fold(asked))
    record("surveys.close", asked, by=by, details={"sheets": laid})
    return laid


@transaction.atomic
def open_post(round_id: int, *, by: Employee) -> str:
    """Give the key of a tablet's page; a former one stops working. Raises RoundNotRunning."""
    asked = locked(round_id, by)
    if not asked.is_running or Mode.POST not in asked.modes:
        raise RoundNotRunning("Планшет включают у опроса, который идёт и спрашивает на посту.")
    key = secrets.token_urlsafe(16)
    _move(asked, post_hash=digest(key))
    record("surveys.post", asked, by=by)
    return key


def digest(key: str) -> str:
    """Return what is kept of a link."""
    return hashlib.sha256(key.encode()).hexdigest()


def locked(round_id: int, by: Employee) -> Round:
    check_right(by)
    rows = Round.objects.accessible_to(by).select_related("survey", "version")
    asked = rows.select_for_update(of=("self",)).filter(pk=round_id).first()
    if asked is None:
        raise NoSuchRound
    if not is_own(asked, by):
        raise NoSuchRound("Этот опрос ведёт другая организация.")
    return asked


def is_own(asked: Round, by: Employee) -> bool:
    """Whether her organisation asks: a fund sees the rounds of insurers and leads its own."""
    own = by.scope.insurer if by.scope.sees == Sees.INSURER else None
    return asked.insurer_id == own


def _move(asked: Round, **columns: Any) -> None:
    Round.objects.filter(pk=asked.pk).update(**columns, lock=F("lock") + 1)
    for name, value in columns.items():
        setattr(asked, name, value)
    asked.lock += 1


def _check(modes: Sequence[str], source: str, wanted: int, campaign: Campaign | None, since: date, until: date) -> None:
    chosen = set(modes)
    if not chosen or not chosen <= set(Mode.values):
        raise SurveysError("Выберите, как спрашивать.")
    if until < since:
        raise SurveysError("Опрос кончается раньше, чем начинается.")
    if source not in Source.values:
        raise SurveysError("Выберите, кого спрашивать.")
    if source == Source.NOBODY and chosen & WITH_PEOPLE:
        raise SurveysError("По телефону и по ссылке спрашивают людей из выборки: выберите, откуда их взять.")
    if source == Source.TALKS:
        if chosen != {Mode.LINK}:
            raise SurveysError("После разговора спрашивают только по ссылке в СМС.")
    elif source != Source.NOBODY and not 1 <= wanted <= MOST_WANTED:
        raise SurveysError(f"Сколько человек опросить — от 1 до {MOST_WANTED}.")
    if source in {Source.CAME, Source.MISSED} and campaign is None:
        raise SurveysError("Выберите кампанию информирования.")
