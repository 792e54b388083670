"""Listening to an exchange as long as the program lives: what comes now, and after a break what was missed."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from asgiref.sync import sync_to_async

from opora.telephony.ports import Pbx, PbxEvent, PbxUnavailable
from opora.telephony.services.taking import asked_since, close_lost, take_in

logger = logging.getLogger(__name__)
GATHERED = 200  # facts written at once when many wait
PAUSE, LONGEST_PAUSE = 1.0, 30.0


async def follow(name: str, pbx: Pbx) -> None:
    """Take in the facts of exchange ``name`` until cancelled; a lost link is found again, with a growing pause."""
    pause = PAUSE
    while True:
        began = asyncio.get_running_loop().time()
        try:
            await once(name, pbx)
        except PbxUnavailable as lost:
            logger.warning("exchange %s is away (%s), again in %.0f s", name, lost, pause)
        if asyncio.get_running_loop().time() - began > LONGEST_PAUSE:
            pause = PAUSE  # the link was good for a while
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


async def once(name: str, pbx: Pbx) -> None:
    """One link: first what was missed, then what comes; returns when the link ends. Raises PbxUnavailable.

    What comes is gathered while the log is read, so that nothing falls between the two.
    """
    waiting: asyncio.Queue[PbxEvent | None] = asyncio.Queue()
    hearing = asyncio.create_task(_hear(pbx, waiting))
    try:
        await _take(list(await pbx.since(await sync_to_async(asked_since)(name))))
        await sync_to_async(close_lost)(name)
        while (event := await waiting.get()) is not None:
            batch = [event]
            while len(batch) < GATHERED and not waiting.empty():
                if (more := waiting.get_nowait()) is None:
                    waiting.put_nowait(None)
                    break
                batch.append(more)
            await _take(batch)
        await hearing
    finally:
        hearing.cancel()
        with suppress(asyncio.CancelledError, PbxUnavailable):
            await hearing


async def _hear(pbx: Pbx, waiting: asyncio.Queue[PbxEvent | None]) -> None:
    try:
        async for event in pbx.events():
            waiting.put_nowait(event)
    finally:
        waiting.put_nowait(None)


async def _take(batch: list[PbxEvent]) -> None:
    if batch:
        await sync_to_async(take_in)(batch)
