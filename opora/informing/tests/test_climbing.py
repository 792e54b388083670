"""A wave ends when nothing of it is on its way; the ladder climbs by itself and comes to its end."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from opora.informing.dispatch import batches
from opora.informing.models import Campaign, Touch, Wave
from opora.informing.services import launch
from opora.informing.services.climbing import climb
from opora.informing.tests.crowd import campaign, people, planned


def send(*states: str) -> None:
    for state in states:
        Touch.objects.filter(state__in=["planned", "sending", "sent", "claimed"]).update(
            state=state, sent_at=timezone.now() - timedelta(days=20)
        )


def test_a_wave_ends_with_its_last_touch(place: SimpleNamespace) -> None:
    planned(place, people(place, 2))
    launch(campaign(place).pk, by=None)
    assert batches.finish_waves() == 0
    send("sending", "sent")
    assert batches.finish_waves() == 0
    send("delivered")
    assert batches.finish_waves() == 1
    assert Wave.objects.get().state == "finished"


def test_the_ladder_waits_climbs_and_ends(place: SimpleNamespace) -> None:
    planned(place, people(place, 2))
    made = campaign(place)
    launch(made.pk, by=None)
    send("sending", "sent", "delivered")
    batches.finish_waves()
    assert climb() == 0  # fourteen days are to pass
    Wave.objects.update(finished_at=timezone.now() - timedelta(days=15))
    assert climb() == 1
    assert list(Touch.objects.filter(round=2).values_list("channel", flat=True)) == ["call", "call"]
    assert climb() == 0
    send("claimed", "done")
    batches.finish_waves()
    assert climb() == 1
    assert Campaign.objects.get().state == "finished"


def test_a_paused_campaign_does_not_climb(place: SimpleNamespace) -> None:
    planned(place, people(place, 1))
    made = campaign(place)
    launch(made.pk, by=None)
    send("sending", "sent", "delivered")
    batches.finish_waves()
    Wave.objects.update(finished_at=timezone.now() - timedelta(days=15))
    Campaign.objects.update(state="paused")
    assert climb() == 0
