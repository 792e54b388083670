"""Канцелярия — paper: what came gets a number and a label, what leaves a number, an envelope and a register of items.

Words: Incoming (a paper letter with its scans), Outgoing (a letter that leaves by post), Register (a list handed to
the post office).
"""
