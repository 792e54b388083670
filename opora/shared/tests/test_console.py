"""What every command shares before its own work begins."""

import gc

from opora.shared.console import born_to_stay


def test_a_start_is_not_searched_for_cycles() -> None:
    try:
        with born_to_stay():
            assert not gc.isenabled()
            kept = [object()]
        assert gc.isenabled()
        assert gc.get_freeze_count()
        assert kept
    finally:
        gc.unfreeze()
