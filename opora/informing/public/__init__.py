"""Публичное информирование: talks, stands, the press, what is told to nobody by name (form ПГ, table 13, rows 2.x)."""
