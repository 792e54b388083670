"""informing.dispatch — a wave through a worker to the centre of SMS and back, rows and receipts and all.

The limit is a bare client that gives as many messages to a centre like it and counts their receipts, with no database
behind it. The time runs from the first touch that is claimed to the last that has come to its end.
"""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

from config.bench import sending
from config.bench.errors import BenchRefused
from config.bench.frame import Bench, Round, work
from config.bench.gateway import bare
from opora.adapters.smsc.process import SmscProcess

TOUCHES = 20_000
PATIENCE = 300.0
DATABASE = "opora_bench_sending"
BEGAN = """
SELECT extract(epoch FROM min(t.claimed_at)), count(*), count(*) FILTER (WHERE t.state = 'delivered')
  FROM informing_touch t JOIN informing_campaign c ON c.id = t.campaign_id WHERE c.title = %s
"""


@work(
    "informing.dispatch",
    unit="1/с",
    bar=(">= 0.5", "figure >= 1000", "unended <= 0"),
    note="20 000 СМС с отчётами: база, рабочий процесс, центр; предел — клиент smpp34 без базы, такой же центр",
    needs_people=False,
)
def dispatch(bench: Bench) -> Iterator[Round]:
    """Launch a wave for each round; one worker sends it."""
    with (
        tempfile.TemporaryDirectory(prefix="opora-bench-") as folder,
        SmscProcess(plain=True, receipt_seconds=0.05) as smsc,
        SmscProcess(plain=True, receipt_seconds=0.05) as another,  # the worker keeps its line and would take receipts
    ):
        bench.say("informing.dispatch: дом")
        address = bench.place.migrated(DATABASE)
        sending.in_the_house(address, "furnish", people=TOUCHES, port=smsc.port)
        worker = sending.worker(address, Path(folder) / "worker.log")
        worker.start()
        try:
            for number in bench.rounds:
                bench.say(f"informing.dispatch: волна {number + 1}")
                sending.in_the_house(address, "launch", title=f"Замер {number}")
                ended = sending.wait_for_the_end(address, PATIENCE)
                [(began, touches, delivered)] = sending.ask(address, BEGAN, [f"Замер {number}"])
                if touches != TOUCHES:
                    raise BenchRefused(f"В волне {touches} из {TOUCHES}")
                bench.say(f"informing.dispatch: предел {number + 1}")
                limit = TOUCHES / asyncio.run(bare(another.port, TOUCHES))
                yield Round(TOUCHES / (ended - float(began)), limit, {"unended": float(touches - delivered)})
        finally:
            worker.end()
    if not bench.keeps:
        bench.place.drop(DATABASE)
