"""Отчёты — questions to facts: a number opens into its rows, a sealed period is the same bytes for ever.

Words: Fact (one subject as reports count it), Definition (форма: rows, columns, controls), Cell, Seal (закрытый
период), Correction (what changed after it). Facts are folded from the rooms' rows and may be counted anew at any time.
Law: forms ПГ and ЗПЗ, eight indicators of an insurer as far as the domain handbook 04 and 21 describe them.
"""
