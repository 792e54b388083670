"""The lists of ГИС ОМС and of Khakassia, the more particular before the more general."""

from opora.exchange.format import Format
from opora.exchange.formats.df import Df
from opora.exchange.formats.dn_list import Gsm, Gst
from opora.exchange.formats.dn_plan import DnPlan
from opora.exchange.formats.dspn import Dspn
from opora.exchange.formats.gf import Gf
from opora.exchange.formats.prof import Prof
from opora.exchange.formats.rpl import Rpl

FEDERAL: tuple[Format, ...] = (Gsm(), Gst(), DnPlan(), Gf(), Df(), Rpl(), Dspn(), Prof())
