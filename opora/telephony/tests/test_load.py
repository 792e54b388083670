"""Shifts are reckoned by the calls of the exchange, not by those somebody has registered."""

from datetime import timedelta
from types import SimpleNamespace

from opora.staffing.models import Load
from opora.telephony.services import take_in
from opora.telephony.services.load import tell_load
from opora.telephony.tests.exchange import BEGAN, MemoryPbx


def test_half_hours_that_are_over_become_load_of_the_one_hot_line(pbx: MemoryPbx, seats: SimpleNamespace) -> None:
    take_in(pbx.missed("m1"))
    take_in(pbx.missed("m2", after=60))
    take_in(pbx.missed("later", after=1800))
    begins = BEGAN.replace(minute=BEGAN.minute // 30 * 30, second=0, microsecond=0)

    assert tell_load(begins + timedelta(minutes=59)) == 1  # the second half-hour is not over
    assert tell_load(begins + timedelta(hours=2)) == 2
    assert tell_load(begins + timedelta(hours=2)) == 2  # a repeat replaces
    rows = list(Load.objects.order_by("at").values_list("calls", "answered", "abandoned", "source"))
    assert rows == [(2, 0, 2, "exchange"), (1, 0, 1, "exchange")]


def test_without_a_call_nothing_is_written(seats: SimpleNamespace) -> None:
    assert tell_load(BEGAN) == 0
