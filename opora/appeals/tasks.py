"""Background work of the room; when it runs stands in ``config/schedule.py``."""

from uuid import UUID

from procrastinate.contrib.django import app

from opora.access.scope import Scope, enter
from opora.appeals import drafts, exports, learning, reminders, sweeping
from opora.appeals.partitions import fold_old_quarters, keep_months_ahead
from opora.appeals.recount import recount_open_clocks


@app.task(name="appeals.keep_months", queueing_lock="appeals.keep_months")
def keep_months(timestamp: int) -> None:
    """Add the months of events for a year ahead; run twice it adds nothing."""
    keep_months_ahead()


@app.task(name="appeals.fold_quarters", queueing_lock="appeals.fold_quarters")
def fold_quarters(timestamp: int) -> None:
    """Fold old months of the words of the search into quarters; run twice it folds nothing."""
    fold_old_quarters()


@app.task(name="appeals.recount", queueing_lock="appeals.recount")
def recount(timestamp: int) -> None:
    """Count open clocks again each night: a process may have believed yesterday's packs half a minute too long."""
    recount_open_clocks()


@app.task(name="appeals.note_day", queueing_lock="appeals.note_day")
def note_day(timestamp: int) -> None:
    """Write down the ends of chains for the day that is over; run twice in a day it adds nothing."""
    from opora.appeals.chain import heads

    heads.note_day()


@app.task(name="appeals.write_export", queue="exports")
def write_export(export_id: str) -> None:
    """Write the file of an export; one that is written already is left alone."""
    exports.write(UUID(export_id))


@app.task(name="appeals.forget_exports", queueing_lock="appeals.forget_exports")
def forget_exports(timestamp: int) -> None:
    """End exports nobody writes any more, remove files older than a day; run twice it does nothing more."""
    exports.end_left()
    exports.forget_old()


@app.task(name="appeals.forget_drafts", queueing_lock="appeals.forget_drafts")
def forget_drafts(timestamp: int) -> None:
    """Delete drafts that nobody has touched for a month."""
    with enter(Scope.system("old drafts of everybody are forgotten")):
        drafts.forget_old()


@app.task(name="appeals.sweep_files", queueing_lock="appeals.sweep_files")
def sweep_files(timestamp: int) -> None:
    """Erase bytes of files that no row names any more."""
    sweeping.sweep()


@app.task(name="appeals.verify_history", queue="verify")
def verify_history(employee_id: int, key: str) -> None:
    """Prove the history for whoever asked on the page; run twice it keeps two results."""
    from opora.appeals.chain import runs

    runs.run(employee_id, key)


@app.task(name="appeals.learn_topics", queueing_lock="appeals.learn_topics")
def learn_topics(timestamp: int) -> None:
    """Teach the order of suggested topics anew by what operators chose; run twice it learns the same."""
    learning.learn_everywhere()


@app.task(name="appeals.remind", queueing_lock="appeals.remind")
def remind(timestamp: int) -> None:
    """Warn of terms that come near, where it is working time; run twice it adds nothing."""
    reminders.remind()
