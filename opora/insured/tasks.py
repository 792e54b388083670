"""Work of the register in the background; when it runs is said in ``config/schedule.py``."""

from procrastinate.contrib.django import app

from opora.insured import fold
from opora.insured.services import imports
from opora.insured.services.imports import load_run


@app.task(name="insured.refresh_fold", queue="nightly", pass_context=False)
def refresh_fold(timestamp: int) -> int:
    """Bring insurer and clinic of every card to the present day; running twice is harmless."""
    return fold.refresh()


@app.task(name="insured.load_file", queue="imports", pass_context=False)
def load_file(run_id: int) -> None:
    """Load a file that came through the page; one that was loaded already is left alone."""
    load_run(run_id)


@app.task(name="insured.forget_protocols", queue="nightly", pass_context=False)
def forget_protocols(timestamp: int) -> int:
    """Erase protocols whose time is over: they quote the files. Return how many; running twice is harmless."""
    return imports.forget_protocols()
