"""Background work of the room; when it runs stands in ``config/schedule.py``."""

from procrastinate.contrib.django import app

from opora.access.scope import Scope, enter
from opora.surveys import calls, links, services
from opora.surveys.models import Round
from opora.surveys.words import Mode


@app.task(name="surveys.send_links", queueing_lock="surveys.send_links")
def send_links(timestamp: int) -> None:
    """Send the next links of every round that asks by them; run twice it sends nobody a second one."""
    with enter(Scope.system("rounds that ask by link")):
        asked = list(Round.objects.running().filter(modes__contains=[Mode.LINK]).values_list("pk", flat=True))
    for pk in asked:
        links.send(pk)


@app.task(name="surveys.let_go", queueing_lock="surveys.let_go")
def let_go(timestamp: int) -> None:
    """Give back people somebody has held for hours; run twice it gives back no more."""
    calls.let_forgotten_go()


@app.task(name="surveys.forget_people", queueing_lock="surveys.forget_people")
def forget_people(timestamp: int) -> None:
    """Erase lists of people of old rounds; run twice it erases nothing more."""
    services.forget_people()
