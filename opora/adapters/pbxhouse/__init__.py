"""АТС для проверок — a real Asterisk and the callers of sipp on loopback, for tests and the demonstration.

Words: Programs (Asterisk and sipp unpacked from signed Debian packages), Layout (its settings, written into a scratch
folder), Server (the running exchange), callers (sipp that calls and answers). Door: bring.ensure, server.Server.
"""
