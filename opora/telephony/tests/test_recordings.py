"""Voices come once, lie sealed, are heard by right and for a purpose, and go when their time is over."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from opora.access.scope import enter
from opora.audit.models import AuditLine
from opora.organisations.models import Role
from opora.telephony import keeping, tapes
from opora.telephony.errors import TapeBroken
from opora.telephony.models import Call, CallBack, Keeping, Recording
from opora.telephony.ports import Kind
from opora.telephony.services import recordings, take_in
from opora.telephony.services.forgetting import forget_recordings
from opora.telephony.tests.exchange import MemoryPbx
from opora.telephony.tests.shelf import SECONDS, Shelf, bring, sound
from opora.telephony.tests.test_pages import words
from opora.telephony.views.recordings import tapes_of_call

type SignIn = Callable[[str | None], Client]


def test_a_talk_is_fetched_once_and_lies_sealed(talk: Recording, pbx: MemoryPbx, shelf: type[Shelf]) -> None:
    assert (talk.state, talk.seconds, talk.media, talk.size) == ("kept", SECONDS, "audio/wav", len(sound()))
    lies = tapes.place_of(talk.pk).read_bytes()
    assert sound()[100:140] not in lies
    assert tapes.unseal(talk.key, talk.pk) == sound()
    take_in([pbx.tell("w", Kind.RATED, 120, score="4")])  # folded again
    assert bring() == recordings.Fetched()
    assert shelf.asked == ["w.wav"]
    assert "w.wav" in shelf.files, "nobody has let it be erased there"


def test_a_file_in_the_place_of_another_is_not_opened(talk: Recording) -> None:
    other = uuid4()
    tapes.place_of(other).parent.mkdir(parents=True, exist_ok=True)
    tapes.place_of(other).write_bytes(tapes.place_of(talk.pk).read_bytes())
    with pytest.raises(TapeBroken):
        tapes.unseal(talk.key, other)
    tapes.place_of(talk.pk).write_bytes(b"short")
    with pytest.raises(TapeBroken):
        tapes.unseal(talk.key, talk.pk)


def test_a_file_that_comes_late_is_waited_for(pbx: MemoryPbx, seats: SimpleNamespace, shelf: type[Shelf]) -> None:
    take_in(pbx.whole("w"))
    assert recordings.fetch_due() == recordings.Fetched(), "not before the exchange has finished writing"
    assert bring().later == 1
    shelf.files["w.wav"] = sound()[:-100]
    assert bring().later == 1
    assert "ещё не дописан" in Recording.objects.get().fault
    shelf.files["w.wav"] = sound()
    assert bring().kept == 1
    assert Recording.objects.get().fault == ""


def test_a_file_that_never_comes_is_said_so_and_may_be_asked_for_again(
    pbx: MemoryPbx, seats: SimpleNamespace, shelf: type[Shelf], signed_in: SignIn
) -> None:
    take_in(pbx.whole("w"))
    for _ in range(len(recordings.RESTS) + 1):
        assert bring().later == 1
    lost = Recording.objects.get()
    assert (lost.state, lost.fault) == ("lost", "файла на АТС нет")
    chief = signed_in("boris")
    assert "запись не получена" in words(chief.get(f"/telephony/calls/{lost.call_id}/recordings/"))
    shelf.files["w.wav"] = sound()
    chief.post(f"/telephony/recordings/{lost.pk}/again/")
    assert bring().kept == 1


def test_an_exchange_that_is_away_costs_no_attempts(pbx: MemoryPbx, seats: SimpleNamespace, shelf: type[Shelf]) -> None:
    take_in(pbx.whole("w"))
    Recording.objects.update(named_at=timezone.now())
    Shelf.is_up = False
    for _ in range(20):
        bring()
    waiting = Recording.objects.get()
    assert (waiting.state, waiting.attempts, waiting.fault) == ("waiting", 0, "АТС не отвечает")
    Recording.objects.update(named_at=timezone.now() - recordings.LONGEST_AWAY - timedelta(minutes=1))
    bring()
    assert Recording.objects.get().state == "lost"


def test_the_exchange_is_cleared_only_where_the_settings_say_so(
    pbx: MemoryPbx, seats: SimpleNamespace, shelf: type[Shelf], settings: Any
) -> None:
    settings.PBX_ERASES = True
    shelf.files["w.wav"] = sound()
    take_in(pbx.whole("w"))
    assert bring().kept == 1
    assert not shelf.files
    assert Recording.objects.get().gone_at is not None


WHO_HEARS = [("boris", 200), ("alfa_admin", 200), ("alina", 403), ("vera", 403), (None, 302)]


@pytest.mark.parametrize(("who", "status"), WHO_HEARS)
def test_who_may_hear(talk: Recording, signed_in: SignIn, who: str | None, status: int) -> None:
    assert signed_in(who).get(f"/telephony/calls/{talk.call_id}/recordings/").status_code == status
    assert signed_in(who).post(f"/telephony/recordings/{talk.pk}/listening/").status_code == status


def test_the_panel_of_an_appeal_costs_one_query(
    talk: Recording, cast: SimpleNamespace, django_assert_num_queries: Any, rf: Any
) -> None:
    request = rf.get("/")
    request.user = cast.boris
    with enter(cast.boris.scope):
        assert cast.boris.scope.organisation
        with django_assert_num_queries(1):
            assert tapes_of_call(request, talk.call_id) == [talk]


def let_hear(role: str) -> None:
    found = Role.objects.get(slug=role)
    found.rights = [*found.rights, "telephony:listen"]
    found.save()


def test_a_representative_hears_her_own_and_lower_levels(
    pbx: MemoryPbx, seats: SimpleNamespace, shelf: type[Shelf], signed_in: SignIn, cast: SimpleNamespace
) -> None:
    for role in ("sp1", "sp2", "op1"):
        let_hear(role)
    take_in([*pbx.whole("one"), *pbx.whole("two", agent="202", caller="89000000002")])
    one, two = (Recording.objects.get(file=f"{name}.wav") for name in ("one", "two"))
    assert (one.level, two.level) == (1, 2)
    with enter(cast.alina.scope):
        assert set(Recording.objects.accessible_to(cast.alina)) == {one}
    with enter(cast.sp2.scope):
        assert set(Recording.objects.accessible_to(cast.sp2)) == {one, two}
    with enter(cast.op1.scope):
        assert not Recording.objects.exists(), "another house, and row security says so by itself"
    assert signed_in("alina").post(f"/telephony/recordings/{two.pk}/listening/").status_code == 404
    assert signed_in("op1").post(f"/telephony/recordings/{one.pk}/listening/").status_code == 404


def address(answer: Any) -> str:
    return str(answer.content.decode().split("<audio")[1].split('src="')[1].split('"')[0])


def test_listening_leaves_one_line_and_the_sound_seeks(talk: Recording, signed_in: SignIn) -> None:
    chief = signed_in("boris")
    player = chief.post(f"/telephony/recordings/{talk.pk}/listening/", headers={"HX-Request": "1"})
    place = address(player)
    whole = chief.get(place)
    assert (whole.status_code, whole.content, whole["Content-Type"]) == (200, sound(), "audio/wav")
    assert {"private", "no-store"} <= set(whole["Cache-Control"].split(", "))
    part = chief.get(place, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, sound()[100:200])
    assert part["Content-Range"] == f"bytes 100-199/{len(sound())}"
    assert chief.get(place, headers={"Range": "bytes=99999999-"}).status_code == 416
    lines = AuditLine.objects.filter(action="telephony.recording.listen")
    assert [(line.subject_id, line.purpose, line.details["call"]) for line in lines] == [
        (str(talk.pk), "quality", talk.call_id)
    ]


def test_an_address_opens_nothing_to_another_nor_for_ever(
    talk: Recording, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = address(signed_in("boris").post(f"/telephony/recordings/{talk.pk}/listening/"))
    assert signed_in("alfa_admin").get(place).status_code == 404
    assert signed_in(None).get(place).status_code == 302
    assert signed_in("boris").get(f"/telephony/recordings/{talk.pk}/sound/made-up/").status_code == 404
    monkeypatch.setattr(signing.time, "time", lambda: timezone.now().timestamp() + 4000)
    assert signed_in("boris").get(place).status_code == 404


def test_the_voice_of_the_night_is_heard_beside_its_task(
    pbx: MemoryPbx, seats: SimpleNamespace, shelf: type[Shelf], signed_in: SignIn
) -> None:
    pbx.tell("n", Kind.ARRIVED, 0, caller="89000000001")
    pbx.tell("n", Kind.SECRETARY, 20, file="n.wav")
    pbx.tell("n", Kind.ENDED, 40)
    take_in(pbx.log)
    shelf.files["n.wav"] = sound()
    desk, task = signed_in("alina"), CallBack.objects.get()
    assert desk.post(f"/telephony/voices/{task.pk}/").status_code == 409
    assert bring().kept == 1
    assert f"/telephony/voices/{task.pk}/" in words(desk.get("/telephony/"))
    dialog = desk.post(f"/telephony/voices/{task.pk}/", headers={"HX-Request": "1"})
    assert "Голосовое сообщение" in words(dialog)
    place = address(dialog)
    assert desk.get(place).content == sound()
    line = AuditLine.objects.get(action="telephony.recording.listen")
    assert (line.details["because"], line.purpose) == (f"task-{task.pk}", "appeal")
    assert signed_in("op1").post(f"/telephony/voices/{task.pk}/").status_code == 404


def test_who_hung_up_first_and_spoke_by_night_is_heard_beside_his_task(
    pbx: MemoryPbx, seats: SimpleNamespace, shelf: type[Shelf], signed_in: SignIn
) -> None:
    """The task is of the call nobody answered; the voice, of the one he made later."""
    pbx.missed("m")
    pbx.tell("n", Kind.ARRIVED, 600, caller="89000000001")
    pbx.tell("n", Kind.SECRETARY, 620, file="n.wav")
    pbx.tell("n", Kind.ENDED, 640)
    take_in(pbx.log)
    shelf.files["n.wav"] = sound()
    assert bring().kept == 1
    desk, task = signed_in("alina"), CallBack.objects.get()
    assert (task.call.call, task.voice) == ("m", "n.wav")
    dialog = desk.post(f"/telephony/voices/{task.pk}/", headers={"HX-Request": "1"})
    assert desk.get(address(dialog)).content == sound()
    CallBack.objects.update(voice="")
    assert desk.post(f"/telephony/voices/{task.pk}/").status_code == 404


def test_the_term_is_of_the_house_unless_the_organisation_says_otherwise(
    talk: Recording, pbx: MemoryPbx, shelf: type[Shelf], cast: SimpleNamespace, signed_in: SignIn
) -> None:
    named = timezone.localdate(talk.named_at)
    assert talk.forget_on == named + timedelta(days=365)
    assert "проверить у юриста" in words(signed_in("alfa_admin").get("/telephony/keeping/"))
    sent = {"kind": "talk", "days": "90", "source": "Приказ № 1"}
    assert signed_in("alfa_admin").post("/telephony/keeping/", sent).status_code == 302
    row = Keeping.objects.exclude(organisation=None).get()
    assert keeping.days_of("talk", row.organisation_id) == 90
    assert keeping.days_of("talk", None) == 365
    assert "Приказ № 1" in words(signed_in("alfa_admin").get("/telephony/keeping/"))


def test_what_is_over_is_erased_and_says_so(talk: Recording, signed_in: SignIn) -> None:
    place = address(signed_in("boris").post(f"/telephony/recordings/{talk.pk}/listening/"))

    Recording.objects.update(forget_on=timezone.localdate() - timedelta(days=1))
    forget_recordings()
    talk.refresh_from_db()
    assert (talk.state, talk.key) == ("erased", "")
    assert not tapes.place_of(talk.pk).exists()
    assert signed_in("boris").get(place).status_code == 404
    assert "стёрта по сроку" in words(signed_in("boris").get("/telephony/recordings/"))
    assert AuditLine.objects.filter(action="telephony.recording.forget").count() == 1


def test_an_open_appeal_holds_its_voice_and_shows_it(
    talk: Recording, appeal_of_call: Callable[[Call], Any], signed_in: SignIn
) -> None:
    appeal = appeal_of_call(talk.call)
    piece = f'hx-get="/telephony/calls/{talk.call_id}/recordings/"'
    assert piece in words(signed_in("boris").get(f"/appeals/{appeal.number}/"))
    assert piece not in words(signed_in("alina").get(f"/appeals/{appeal.number}/")), "she may not listen"
    Recording.objects.update(forget_on=timezone.localdate() - timedelta(days=1))
    assert forget_recordings() == 0
    type(appeal).objects.filter(pk=appeal.pk).update(closed_at=timezone.now(), stage="closed", outcome="withdrawn")
    assert forget_recordings() == 1
