from opora.telephony.ports import PbxRefused

__all__ = ["PbxRefused"]
