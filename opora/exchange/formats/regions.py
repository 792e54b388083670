"""Lists of Perm, Karelia, Kabardino-Balkaria and Krasnodar."""

from opora.exchange.format import Format
from opora.exchange.formats.kbr import KbrAnswer
from opora.exchange.formats.kbr_list import KbrList
from opora.exchange.formats.kk import KrasnodarFacts
from opora.exchange.formats.kk_answer import KrasnodarAnswer
from opora.exchange.formats.krl import KareliaReferral
from opora.exchange.formats.krl_messages import MESSAGES
from opora.exchange.formats.prm import PermErrors, PermProf

REGIONS: tuple[Format, ...] = (
    PermErrors(),
    PermProf(),
    KareliaReferral(),
    *MESSAGES,
    KbrAnswer(),
    KbrList(),
    KrasnodarAnswer(),
    KrasnodarFacts(),
)
