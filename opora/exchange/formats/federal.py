"""The lists of ГИС ОМС and of Khakassia, the more particular before the more general."""

from opora.exchange.format import Format
from opora.exchange.formats.dn_list import Gsm, Gst

FEDERAL: tuple[Format, ...] = (Gsm(), Gst())
