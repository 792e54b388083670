"""Invented insured people: pure arithmetic over a seed, no database.

Words: Plan (seed, day, territories), Block (10 000 people of one territory, families whole). Door: block.make_block.

The same seed gives the same people whatever the scale, the order of blocks or the number of processes: block N is made
from (seed, N) alone, and a smaller scale is a prefix of a larger one.

Nobody can be met, called or billed: serials of policy numbers are 96000–99999, СНИЛС begin with 900–989, mobile numbers
with +7 972 … +7 976 (no operator is known to hold these codes), land lines have 0 after the area code, passports the
series «00 …». Check digits are right, so that every control of the house is met.
"""

from opora.simulation.people.block import Block, make_block
from opora.simulation.people.plan import Plan

__all__ = ["Block", "Plan", "make_block"]
