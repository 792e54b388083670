"""Провайдер по HTTP — any gateway that takes a message by one request, described by a profile, not by a program.

Words: profile (where the request goes, how it is written, where the answer keeps its id). Door: gateway.HttpGateway,
profile.receipts (what a provider sends to us or answers when asked).
"""
