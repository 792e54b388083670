"""People told in a year, each once: sums kept beside the months, so that a report reads a dozen rows, not millions.

Words: Stream (contacts that are counted together), ToldCount (its sums by the month in which a person was first told).
``keeping`` follows every change of the contacts and proves the sums against them; ``queries`` reads.
"""
