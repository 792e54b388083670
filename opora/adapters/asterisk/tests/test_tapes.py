"""Voices of a real exchange: a recorded talk and a message to the secretary, from the folder and over ARI."""

import asyncio

import pytest

from opora.adapters.asterisk.tapes import AsteriskTapes
from opora.adapters.asterisk.tests.conftest import heard, line, settings, telephone
from opora.adapters.pbxhouse.callers import citizen, employee
from opora.adapters.pbxhouse.layout import LOOPBACK, Layout
from opora.telephony.ports import Kind, NoTape, PbxUnavailable
from opora.telephony.tapes import sound_of

PATIENCE = 30.0


def shelf(layout: Layout, *, over_ari: bool) -> AsteriskTapes:
    told = vars(settings(layout)) | {"recordings": None if over_ari else layout.voices}
    ari = {"ari": f"http://{LOOPBACK}:{layout.ports.http}", "ari_login": "opora", "ari_secret": layout.ari_secret}
    return AsteriskTapes("main", {**{name: value for name, value in told.items() if name != "_pattern"}, **ari})


async def whole(shelf: AsteriskTapes, file: str) -> bytes:
    """Wait until the exchange has written a file to its end, as the program does."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                content = await asyncio.to_thread(shelf.fetch, file)
                sound_of(content)
            except NoTape:
                await asyncio.sleep(0.1)
            else:
                return content


@pytest.mark.slow
def test_a_recorded_talk_is_the_same_from_the_folder_and_over_ari(server):
    layout, caller = server.layout, "79130000021"

    async def scenario():
        async with heard(layout) as (told, _):
            with employee(layout, telephone(layout, "101")), citizen(layout, line(101), caller, seconds=3) as calling:
                assert await asyncio.to_thread(calling.wait)
            await told.fact(Kind.ENDED, caller)
            file = (await told.fact(Kind.RECORDED, caller)).data["file"]
            return (
                file,
                await whole(shelf(layout, over_ari=False), file),
                await whole(shelf(layout, over_ari=True), file),
            )

    file, from_folder, over_ari = asyncio.run(scenario())
    assert from_folder == over_ari
    assert sound_of(from_folder).media == "audio/wav"
    assert sound_of(from_folder).seconds >= 1
    shelf(layout, over_ari=True).erase(file)
    shelf(layout, over_ari=True).erase(file)  # it is gone already: no error
    for over in (False, True):
        with pytest.raises(NoTape):
            shelf(layout, over_ari=over).fetch(file)


@pytest.mark.slow
def test_a_message_to_the_secretary_is_fetched_and_erased(server):
    layout, caller = server.layout, "79130000022"

    async def scenario():
        async with heard(layout) as (told, _):
            with citizen(layout, line(300), caller, seconds=3) as calling:
                assert await asyncio.to_thread(calling.wait)
            await told.fact(Kind.ENDED, caller)
            file = (await told.fact(Kind.SECRETARY, caller)).data["file"]
            return file, await whole(shelf(layout, over_ari=False), file)

    file, voice = asyncio.run(scenario())
    assert sound_of(voice).seconds >= 1
    shelf(layout, over_ari=False).erase(file)
    assert not (layout.voices / file).exists()


@pytest.mark.parametrize("file", ["../log/queue_log", "/etc/passwd", "a/../../b.wav", "", "a b.wav", "..", "a//b.wav"])
def test_no_reference_leads_out_of_the_folder(tmp_path, file):
    (tmp_path / "in").mkdir()
    (tmp_path / "b.wav").write_bytes(b"x")
    told = {"name": "main", "host": "", "port": 0, "login": "", "secret": "", "recordings": tmp_path / "in"}
    with pytest.raises(NoTape):
        AsteriskTapes("main", told).fetch(file)


def test_a_folder_that_is_not_there_is_an_exchange_that_is_away(tmp_path):
    told = {"name": "main", "host": "", "port": 0, "login": "", "secret": "", "recordings": tmp_path / "none"}
    with pytest.raises(PbxUnavailable):
        AsteriskTapes("main", told).fetch("a.wav")
    with pytest.raises(PbxUnavailable):
        AsteriskTapes("main", {**told, "recordings": None}).fetch("a.wav")
    with pytest.raises(PbxUnavailable):
        AsteriskTapes("other", told)
