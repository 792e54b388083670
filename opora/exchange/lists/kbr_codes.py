"""Codes of Kabardino-Balkaria. Handbook 20 §11, 21 §4, §5.3."""

from __future__ import annotations

from opora.informing.words import Channel, Measure

MEASURES = {"ДВ4": Measure.SCREENING, "ОПВ": Measure.CHECKUP, "ДН1": Measure.OBSERVATION}
CHANNELS = {"1": Channel.SMS, "2": Channel.CALL, "3": Channel.EMAIL, "4": Channel.LETTER}
WAYS = {channel: code for code, channel in CHANNELS.items()} | {Channel.MESSENGER: "1", Channel.ROBOT: "2"}
OBSERVATION = "ДН1"
