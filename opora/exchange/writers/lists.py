"""Writers of informing by format: what we send as lists, answers and facts."""

from opora.exchange.writers.ch15 import Chapter15Writer
from opora.exchange.writers.outgoing import ListWriter, Outgoing
from opora.exchange.writers.psk import PskovPlanWriter

LIST_WRITERS: dict[str, ListWriter] = {writer.slug: writer for writer in (PskovPlanWriter(), Chapter15Writer())}

__all__ = ["LIST_WRITERS", "ListWriter", "Outgoing"]
