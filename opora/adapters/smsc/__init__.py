"""Центр СМС для проверок — a real SMPP 3.4 server on loopback, a process of its own, for tests, demo and bench.

Words: Journal (every message it took, a line each), Behaviour (what a number does, by its last digits), Account (all
lines of one login: receipts wait for whichever is there). Door: ``opora smsc``, process.SmscProcess.
"""
