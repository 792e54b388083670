"""Asterisk — an exchange behind ``opora.telephony.ports.Pbx``: events and commands over AMI, its own log after a gap.

Words: Link (a connection of AMI), Row (a line of CEL, the same over AMI and in the log), facts (rows turned into
``PbxEvent``). Door: exchange.Asterisk, listening.Listener. What a real exchange must be told: ``docs/asterisk.md``.
"""
