"""Writers of informing by format: what we send as lists, answers and facts."""

from opora.exchange.writers.ch15 import Chapter15Writer
from opora.exchange.writers.kbr import KbrAnswerWriter
from opora.exchange.writers.khakassia import ProfWriter, RplWriter
from opora.exchange.writers.kk import KrasnodarFactsWriter
from opora.exchange.writers.nsk import NskConsentWriter, NskInformingWriter, NskSurveyWriter
from opora.exchange.writers.outgoing import ListWriter, Outgoing
from opora.exchange.writers.own import OwnBookWriter, OwnCsvWriter
from opora.exchange.writers.prm import PermProfWriter
from opora.exchange.writers.psk import PskovPlanWriter
from opora.exchange.writers.stv import StvPeopleWriter
from opora.exchange.writers.vlg import VlgAnswerWriter, VlgPersonsWriter

WRITERS: tuple[ListWriter, ...] = (
    PskovPlanWriter(),
    Chapter15Writer(),
    NskInformingWriter(),
    NskSurveyWriter(),
    NskConsentWriter(),
    ProfWriter(),
    RplWriter(),
    PermProfWriter(),
    KbrAnswerWriter(),
    KrasnodarFactsWriter(),
    OwnCsvWriter(),
    OwnBookWriter(),
    StvPeopleWriter(),
    VlgPersonsWriter(),
    VlgAnswerWriter(),
)
LIST_WRITERS = {writer.slug: writer for writer in WRITERS}

__all__ = ["LIST_WRITERS", "ListWriter", "Outgoing"]
