from opora.telephony.ports import PbxUnavailable


class PbxRefused(PbxUnavailable):
    """The exchange answers and says no: a wrong password, no such channel. Its words are the message."""
