"""What a real exchange wrote into its log becomes calls of the hot line."""

from collections import defaultdict

import pytest

from opora.adapters.asterisk import log
from opora.adapters.asterisk.tests.test_facts import LONG_AGO, SETTINGS
from opora.telephony.fold import fold


@pytest.fixture(scope="module")
def calls():
    told = defaultdict(list)
    for event in log.read(SETTINGS, LONG_AGO):
        if event.call:
            told[event.call].append(event)
    return {call.caller: call for call in map(fold, told.values())}


def test_a_call_is_answered_recorded_and_rated(calls):
    call = calls["79130000001"]
    assert (call.result, call.extension, call.line, call.score) == ("answered", "101", "88005550101", 5)
    assert call.recording.endswith(".wav")
    assert (call.now, call.transfers) == ("ended", 0)


def test_who_gave_up_and_who_spoke_to_the_secretary(calls):
    assert calls["79130000002"].result == "abandoned"
    night = calls["79130000003"]
    assert (night.result, night.line) == ("secretary", "88005550102")
    assert night.voice.endswith(".wav")
    assert calls[""].result == "secretary"  # a hidden number


def test_a_warm_transfer_leaves_the_call_with_the_colleague(calls):
    call = calls["79130000004"]
    assert (call.result, call.extension, call.transfers) == ("answered", "102", 1)
