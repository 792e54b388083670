"""Commands of the room: one verb, one transaction, one audit line."""

from opora.policies.services.asking import (
    Address,
    ask,
    change,
    put_off,
    refuse,
    return_to_plan,
    tell_by_phone,
    withdraw,
)
from opora.policies.services.couriers import deliverers, save_courier, save_schedule
from opora.policies.services.planning import (
    announce,
    drop_visit,
    move_visit,
    pin_visit,
    plan_by_program,
    plan_day,
    return_silent,
)
from opora.policies.services.reporting import Report, Taken, report

__all__ = [
    "Address",
    "Report",
    "Taken",
    "announce",
    "ask",
    "change",
    "deliverers",
    "drop_visit",
    "move_visit",
    "pin_visit",
    "plan_by_program",
    "plan_day",
    "put_off",
    "refuse",
    "report",
    "return_silent",
    "return_to_plan",
    "save_courier",
    "save_schedule",
    "tell_by_phone",
    "withdraw",
]
