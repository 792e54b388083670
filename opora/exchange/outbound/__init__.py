"""Lists on their way out: gathered from rows of ours, sieved, written, read back, their records kept.

``recipes`` says which format is made of what, ``gathering`` makes its records, ``making`` writes the file, ``orders``
is the door: ``ask`` and ``ask_again``.
"""
