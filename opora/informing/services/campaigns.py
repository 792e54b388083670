"""A campaign from its first draft to its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.audit.services import record
from opora.informing import merge, planning, queries
from opora.informing.audience import Audience
from opora.informing.errors import CampaignBusy, CampaignNotFound, InformingError
from opora.informing.models import Campaign, Rung, Touch, Wave
from opora.informing.pacing import Limits
from opora.informing.rules import SPOKEN
from opora.informing.services.relaying import lay_anew
from opora.informing.words import CampaignState, Channel, TouchState, WaveState

if TYPE_CHECKING:
    from opora.organisations.models import Employee, Organisation

GOES_ON = (WaveState.PLANNED, WaveState.RUNNING, WaveState.PAUSED)


@transaction.atomic
def create(
    *,
    insurer: Organisation,
    title: str,
    measure: str,
    year: int,
    ladder: Sequence[Mapping[str, Any]],
    audience: Mapping[str, Any] | None = None,
    limits: Mapping[str, Any] | None = None,
    holdout: int = 0,
    lane: str = "bulk",
    by: Employee | None,
) -> Campaign:
    """Make a draft. ``ladder`` is ``{"channel", "purpose", "wait_days", "template"}`` from the first rung on.

    Raises AudienceRefused, LimitsRefused, InformingError for an empty ladder.
    """
    campaign = Campaign.objects.create(
        territory=insurer.territory_id,
        insurer=insurer,
        title=title.strip(),
        measure=measure,
        year=year,
        lane=lane,
        audience=Audience.read(audience or {}).as_json(),
        limits=_limits(limits or {}),
        holdout=holdout,
        by=by,
    )
    _climb(campaign, ladder)
    record("informing.create", campaign, by=by, details={"measure": measure, "year": year})
    return campaign


@transaction.atomic
def change(
    campaign_id: int,
    *,
    version: int,
    by: Employee | None,
    ladder: Sequence[Mapping[str, Any]] | None = None,
    **fields: Any,
) -> Campaign:
    """Change a draft, or the rungs not taken yet. Raises CampaignBusy when a colleague was faster."""
    campaign = _locked(campaign_id, by)
    if campaign.version != version:
        raise CampaignBusy
    if campaign.state not in {CampaignState.DRAFT, CampaignState.PAUSED}:
        raise CampaignBusy("Чтобы изменить кампанию, приостановите её.")
    if "audience" in fields:
        fields["audience"] = Audience.read(fields["audience"]).as_json()
    if "limits" in fields:
        fields["limits"] = _limits(fields["limits"])
    for name, value in fields.items():
        setattr(campaign, name, value)
    campaign.version += 1
    campaign.save(update_fields=[*fields, "version"])
    if ladder is not None:
        _climb(campaign, ladder)
    record("informing.change", campaign, by=by, details={"fields": sorted(fields)})
    return campaign


def launch(campaign_id: int, *, by: Employee | None, now: datetime | None = None) -> tuple[Wave, planning.DryRun]:
    """Take the next rung: plan its wave and let it go. What is planned is committed with the wave or not at all.

    ``now`` is another hour than this one: a year that is made up is launched in its own days.

    Raises LadderEnded, NothingToPlan, NoText, CampaignBusy while a wave still goes on.
    """
    planning.look_at_tables()  # apart: what is known of tables stays although a launch is refused
    with transaction.atomic():
        return _launch(campaign_id, by, now)


def _let_others_make_room(campaign: Campaign) -> None:
    """Have the bulk waves looked through that were laid before this one went on; together with this transaction."""
    from opora.informing import tasks  # who makes room imports the services

    tasks.make_room.defer(insurer=campaign.insurer_id)


def _launch(campaign_id: int, by: Employee | None, now: datetime | None) -> tuple[Wave, planning.DryRun]:
    is_made_up = now is not None
    campaign = _locked(campaign_id, by)
    if campaign.state in {CampaignState.STOPPED, CampaignState.PAUSED}:
        raise CampaignBusy("Кампания не идёт: продолжите её или создайте новую.")
    if campaign.waves.filter(state__in=GOES_ON).exists():
        raise CampaignBusy("Прошлая волна ещё идёт.")
    with enter(Scope.system("planning reads the register set by set, people of this insurer only")):
        step = planning.next_step(campaign, now)
        now = step.now
        wave = Wave.objects.create(
            campaign=campaign, rung=step.rung, round=step.round, state=WaveState.RUNNING, launched_at=now, by=by
        )
        found = planning.plan(step, wave)
        wave.planned, wave.excluded = found.people, sum(found.excluded.values())
        wave.listed, wave.matched = queries.listed(campaign)
        wave.reasons = {str(reason): count for reason, count in found.excluded.items()}
        if not found.people:
            wave.state, wave.finished_at = WaveState.FINISHED, now
        wave.save()
        if step.template and step.rung.template_id is None:
            Rung.objects.filter(pk=step.rung.pk).update(template=step.template)
        campaign.state = CampaignState.RUNNING
        campaign.launched_at = campaign.launched_at or now
        campaign.version += 1
        campaign.save(update_fields=["state", "launched_at", "version"])
    details = {"round": wave.round, "planned": wave.planned, "excluded": wave.excluded}
    record("informing.launch", campaign, by=by, details=details)
    if not is_made_up:
        _let_others_make_room(campaign)
    return wave, found


@transaction.atomic
def pause(campaign_id: int, *, by: Employee | None) -> Campaign:
    """Let nothing more of the campaign go; what is with a provider already comes to its end."""
    campaign = _moved(campaign_id, CampaignState.RUNNING, CampaignState.PAUSED, by)
    campaign.waves.filter(state=WaveState.RUNNING).update(state=WaveState.PAUSED)
    record("informing.pause", campaign, by=by)
    return campaign


@transaction.atomic
def resume(campaign_id: int, *, by: Employee | None) -> Campaign:
    """Go on: what waits is laid over the hours to come anew, so that nothing floods out, in what others have left."""
    campaign = _moved(campaign_id, CampaignState.PAUSED, CampaignState.RUNNING, by)
    with enter(Scope.system("a wave is laid anew")):
        now = timezone.now()
        for wave in campaign.waves.filter(state=WaveState.PAUSED).select_related("campaign__insurer", "rung"):
            lay_anew(wave, now)
        campaign.waves.filter(state=WaveState.PAUSED).update(state=WaveState.RUNNING)
    record("informing.resume", campaign, by=by)
    _let_others_make_room(campaign)
    return campaign


@transaction.atomic
def stop(campaign_id: int, *, why: str, by: Employee | None, now: datetime | None = None) -> int:
    """End the campaign for good; return how many touches will not take place. ``now`` as in ``launch``.

    A talk that goes on comes to its end; if the person was to be phoned again, the sweep cancels that.
    """
    if not why.strip():
        raise InformingError("Напишите, почему кампания остановлена.")
    campaign = _locked(campaign_id, by)
    if campaign.state in {CampaignState.STOPPED, CampaignState.FINISHED}:
        raise CampaignBusy("Кампания уже закончилась.")
    now = now or timezone.now()
    with enter(Scope.system("the rest of a wave is cancelled")):
        waiting = Touch.objects.filter(
            year=campaign.year, campaign_id=campaign.pk, state__in=[TouchState.PLANNED, TouchState.CLAIMED]
        ).exclude(state=TouchState.CLAIMED, channel__in=SPOKEN)
        cancelled = waiting.update(state=TouchState.CANCELLED, final_at=now)
        campaign.waves.filter(state__in=GOES_ON).update(state=WaveState.STOPPED, finished_at=now)
        campaign.state, campaign.finished_at = CampaignState.STOPPED, now
        campaign.version += 1
        campaign.save(update_fields=["state", "finished_at", "version"])
    record("informing.stop", campaign, by=by, details={"cancelled": cancelled})
    return cancelled


def _limits(given: Mapping[str, Any]) -> dict[str, Any]:
    Limits.read(given)
    return dict(given)


def _climb(campaign: Campaign, ladder: Sequence[Mapping[str, Any]]) -> None:
    """Write the rungs from the first one not taken yet on; those with a wave stay as they were."""
    if not ladder:
        raise InformingError("Добавьте хотя бы одну ступень.")
    taken = set(Wave.objects.filter(campaign=campaign).values_list("rung__step", flat=True))
    campaign.rungs.exclude(step__in=taken).delete()
    for step, given in enumerate(ladder, start=1):
        if step in taken:
            continue
        template = given.get("template")
        if template is not None:
            merge.check(template.text, given["channel"])
        Rung.objects.create(
            campaign=campaign,
            step=step,
            channel=Channel(given["channel"]),
            purpose=given.get("purpose", "invite"),
            template=template,
            wait_days=given.get("wait_days", 0),
        )


def _locked(campaign_id: int, by: Employee | None) -> Campaign:
    found = Campaign.objects.select_for_update(of=("self",)).select_related("insurer")
    if by is not None:
        found = found.accessible_to(by)
    campaign = found.filter(pk=campaign_id).first()
    if campaign is None:
        raise CampaignNotFound
    return campaign


def _moved(campaign_id: int, now: CampaignState, then: CampaignState, by: Employee | None) -> Campaign:
    campaign = _locked(campaign_id, by)
    if campaign.state != now:
        raise CampaignBusy(f"Кампания сейчас: {campaign.get_state_display().lower()}.")
    Campaign.objects.filter(pk=campaign.pk).update(state=then, version=F("version") + 1)
    campaign.refresh_from_db()
    return campaign
