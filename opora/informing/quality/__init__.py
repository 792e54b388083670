"""How good contacts are: what receipts teach of a number, and how many people can be reached — by clinic, age, channel.

Words: weighing (what arrived and what did not marks contacts), Reachability (the folded counts), Unreached (who lacks
a way). Both are made anew each night; talks mark their number at once (``calls.finish_call``).
"""
