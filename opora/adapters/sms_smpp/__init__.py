"""СМС по SMPP 3.4 — a session with a centre of SMS; the codec is that of ``smpp34``, the session is ours.

Door: gateway.SmppGateway. Why not the library's own session: docs/decisions/0011-own-smpp-session.md.
"""
