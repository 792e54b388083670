"""A platform of feedback for checks and the demonstration, on this machine alone: citizen and operator at once.

It speaks as ``adapters/pos/wire.py`` assumes the real one does, and is written apart from it.
"""
