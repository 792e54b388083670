"""One box, one line of text, the person on top.

``parse`` reads the text, ``words`` looks its words up among the distinct names of the register, ``candidates`` asks the
database only what an index answers under row security, ``rank`` judges each candidate in Python, ``find`` puts it
together. The text of a query is never stored or logged; ``trace`` keeps its shape.
"""
