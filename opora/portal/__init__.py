"""Сайт — what a citizen reads and asks without an account: one column, one question a step, no scripts needed.

Words: Site (face of a territory or an insurer), Ask (a question on its way), Code (what opens the state of an appeal),
Tally (how often somebody has tried). Nothing here needs a session; cookies: the look, the token of a form, the key of
a question on its way.
"""
