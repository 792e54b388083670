"""Регистры застрахованных вне программы — outside registers behind ``insured.ports.Register``.

Words: EmbeddedRegister (the stand-in: a file of the data folder, no network).
"""

from opora.adapters.register.embedded import EmbeddedRegister

__all__ = ["EmbeddedRegister"]
