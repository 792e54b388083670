"""Background work of the room; when it runs stands in ``config/schedule.py``."""

from procrastinate.contrib.django import app

from opora.posts import memos, registering, taking


@app.task(name="posts.send_memos")
def send_memos(timestamp: int) -> None:
    """Send memos that are due; run twice it sends nothing twice."""
    memos.send_due()


@app.task(name="posts.forget_memos", queueing_lock="posts.forget_memos")
def forget_memos(timestamp: int) -> None:
    """Forget to whom memos went long ago."""
    memos.forget()


@app.task(name="posts.register", queueing_lock="posts.register")
def register(timestamp: int) -> None:
    """Register envelopes that wait; what is left after a portion is for the next run."""
    if registering.register_waiting():
        taking.wake()
