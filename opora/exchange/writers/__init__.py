"""Writers of what leaves: one module per format; each is read back by our own reader (``tests/test_writers.py``)."""

from opora.exchange.writers.intraservice import IntraServiceWriter
from opora.exchange.writers.journal_workbook import JournalWorkbookWriter
from opora.exchange.writers.journal_xml import JournalInWriter, JournalOutWriter
from opora.exchange.writers.sending import Sending, Writer
from opora.exchange.writers.sstu import SstuWriter

WRITERS: dict[str, Writer] = {
    "g1out": JournalOutWriter(),
    "g1r": JournalInWriter(),
    "xlsx": JournalWorkbookWriter(),
    "intraservice": IntraServiceWriter(),
    "sstu": SstuWriter(),
}

__all__ = ["WRITERS", "Sending", "Writer"]
