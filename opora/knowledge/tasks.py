"""Background work of the room; when it runs stands in ``config/schedule.py``."""

from procrastinate.contrib.django import app

from opora.access.scope import Scope, enter
from opora.knowledge import feedback


@app.task(name="knowledge.forget_words", queueing_lock="knowledge.forget_words")
def forget_words(timestamp: int) -> None:
    """Delete words of questions after 90 days and votes after 400; run twice it finds nothing."""
    with enter(Scope.system("old words of everybody are forgotten")):
        feedback.forget_old()
