"""Смены — how many operators each half-hour needs, and who works when.

Words: Load (calls of half an hour), Need (operators by Erlang), Shift (смена), Gap («не хватает 2 человек с 10 до 11»).
"""
