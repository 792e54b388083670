"""Work of the register in the background; when it runs is said in ``config/schedule.py``."""

from procrastinate.contrib.django import app

from opora.insured import fold


@app.task(name="insured.refresh_fold", queue="nightly", pass_context=False)
def refresh_fold(timestamp: int) -> int:
    """Bring insurer and clinic of every card to the present day; running twice is harmless."""
    return fold.refresh()
