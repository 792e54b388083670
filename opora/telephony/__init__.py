"""Телефония — the hot line: a call is known from the first ring to the last word, whatever the exchange forgets.

Words: Line (линия), Call (звонок), CallEvent (append-only), Agent (состояние оператора), CallBack (перезвонить).
"""
