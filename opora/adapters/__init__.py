"""Внешние системы — one folder per outside system: a client and an embedded stand-in that needs no network.

A room says what it needs in its ``ports.py``; ``config/ports.py`` says who fulfils it.
"""
