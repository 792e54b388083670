"""Judging a talk in a browser without a mouse: it plays, pauses, goes back, digits give points, the note is read."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import expect

from opora.access.scope import enter
from opora.appeals.models import Score
from opora.audit.models import AuditLine
from opora.shared.tests.axe import findings as faults
from opora.telephony import judging
from opora.telephony.services import take_in
from opora.telephony.tests.exchange import MemoryPbx
from opora.telephony.tests.shelf import Shelf, bring, sound
from opora.telephony.tests.test_quality import WISH

LONG = 30_000
MINUTE = 60


@pytest.mark.browser
@pytest.mark.slow
def test_a_talk_is_heard_and_judged_by_keys(
    page: Any,
    site: str,
    signed_in_browser: Any,
    pbx: MemoryPbx,
    seats: SimpleNamespace,
    shelf: type[Shelf],
    cast: SimpleNamespace,
) -> None:
    shelf.files["w.wav"] = sound(MINUTE)
    take_in(pbx.whole("w"))
    assert bring().kept == 1
    with enter(cast.boris.scope):
        score = judging.draw(WISH, by=cast.boris).scores.get()
    signed_in_browser("boris")
    page.goto(f"{site}/telephony/quality/talks/{score.pk}/")
    page.wait_for_load_state("load")
    assert faults(page) == []
    page.keyboard.press("p")  # asks for the player
    audio = page.locator("audio")
    expect(audio).to_have_count(1, timeout=LONG)
    expect(audio).to_have_js_property("duration", MINUTE, timeout=LONG)
    assert faults(page) == []
    audio.evaluate("player => { player.muted = true; player.currentTime = 40; }")
    expect(audio).to_have_js_property("seeking", False, timeout=LONG)
    assert audio.evaluate("player => player.currentTime") == pytest.approx(40, abs=1)
    page.keyboard.press("z")
    assert audio.evaluate("player => player.currentTime") == pytest.approx(35, abs=1)
    page.keyboard.press("p")
    expect(audio).to_have_js_property("paused", False, timeout=LONG)
    page.keyboard.press("p")
    expect(audio).to_have_js_property("paused", True, timeout=LONG)
    audio.evaluate("""() => {  // back, on and off again before there is a sound: no fault of the page
        for (const code of ["KeyZ", "KeyP", "KeyP"])
            document.body.dispatchEvent(new KeyboardEvent("keydown", {code, bubbles: true}));
    }""")
    expect(audio).to_have_js_property("paused", True, timeout=LONG)
    criteria = score.sample.sheet.criteria
    for number, criterion in enumerate(criteria):
        expect(page.locator("fieldset[data-criterion]").nth(number)).to_have_attribute("data-now", "", timeout=LONG)
        page.keyboard.press(str(criterion["most"]))
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile(r"/telephony/quality/[0-9a-f-]{36}/"), timeout=LONG)
    assert Score.objects.get().total == 100
    assert AuditLine.objects.filter(action="telephony.recording.listen").count() == 1
