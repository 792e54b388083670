"""Background work of what leaves the room; when it runs stands in ``config/schedule.py``."""

from uuid import UUID

from procrastinate.contrib.django import app

from opora.reports import exports, sending


@app.task(name="reports.write_export", queue="exports")
def write_export(export_id: str) -> None:
    """Write the file of an export; one that is written already or by another is left alone."""
    exports.write(UUID(export_id))


@app.task(name="reports.tend_exports", queueing_lock="reports.tend_exports")
def tend_exports(timestamp: int) -> None:
    """Begin anew what a killed program has left, remove old files; run twice it does nothing more."""
    exports.tend()


@app.task(name="reports.send", queueing_lock="reports.send")
def send(timestamp: int) -> None:
    """Send the reports whose day has come; run twice it sends nothing twice."""
    sending.run()
