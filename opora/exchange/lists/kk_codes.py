"""Lists INFOSTEP and INFOMETH of the fund of Krasnodar. Handbook 21 §5.1; INFORSLT is loaded from the fund."""

from __future__ import annotations

from opora.informing.words import Channel, Measure, Purpose

STEPS = {
    "101": (Measure.SCREENING, Purpose.INVITE),
    "102": (Measure.SCREENING, Purpose.REMIND),
    "103": (Measure.SCREENING_2, Purpose.INVITE),
    "104": (Measure.SCREENING_2, Purpose.REMIND),
    "121": (Measure.SCREENING, Purpose.ASK_WHY),
    "122": (Measure.SCREENING, Purpose.ASK_SATISFACTION),
    "201": (Measure.CHECKUP, Purpose.INVITE),
    "202": (Measure.CHECKUP, Purpose.REMIND),
    "221": (Measure.CHECKUP, Purpose.ASK_WHY),
    "222": (Measure.CHECKUP, Purpose.ASK_SATISFACTION),
    "301": (Measure.OBSERVATION, Purpose.INVITE),
    "302": (Measure.OBSERVATION, Purpose.REMIND),
    "321": (Measure.OBSERVATION, Purpose.ASK_WHY),
    "322": (Measure.OBSERVATION, Purpose.ASK_SATISFACTION),
}
STEP_OF = {told: step for step, told in STEPS.items()} | {
    (Measure.SCREENING_2, Purpose.ASK_WHY): "121",
    (Measure.SCREENING_2, Purpose.ASK_SATISFACTION): "122",
}
METHODS = {
    1: Channel.SMS,
    2: Channel.EMAIL,
    3: Channel.CALL,
    4: Channel.LETTER,
    5: Channel.OTHER,
    6: Channel.MESSENGER,
    7: Channel.VISIT,
    8: Channel.PRINT,
    9: Channel.PRINT,
    10: Channel.PRINT,
    11: Channel.AT_INSURER,  # «визит в МО или СМО»: the sender is an insurer (assumed)
    21: Channel.CALL,
    22: Channel.CALL,
}
METHOD_OF = {
    Channel.SMS: 1,
    Channel.EMAIL: 2,
    Channel.CALL: 3,
    Channel.ROBOT: 3,
    Channel.LETTER: 4,
    Channel.MESSENGER: 6,
    Channel.VISIT: 7,
    Channel.PRINT: 8,
    Channel.AT_INSURER: 11,
    Channel.AT_CLINIC: 11,
    Channel.PORTAL: 5,
    Channel.OTHER: 5,
}
SURVEYS = {Purpose.ASK_WHY: 21, Purpose.ASK_SATISFACTION: 22}
"""A survey by telephone has a method of its own."""
SEXES = {"м": 1, "ж": 2}
RESULT = "INFORSLT"
"""Before a code of the fund's own list of results, which we do not have: it travels in the note."""
