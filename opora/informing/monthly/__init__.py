"""The monthly table of an insurer: themes × ways, first and repeated informing, messages, cost. Handbook 21 §5.4.

Words: Informed (a contact that counts, one row a touch), MonthCount (its sums). Both are folded each night; a figure
and the rows it opens into come from one table, so they cannot differ. What each column means: docs/informing.md.
"""
