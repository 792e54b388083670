"""What follows a diagnosis: planned visits and referrals in the plan, and the work lists of the third level.

Health data: every page here needs ``informing:health`` and leaves a line that says so. Words: Gap (who fell out
of observation, or waits too long). Law: waiting limits come from packs of ``deadlines``, lists of codes from
``packs/observation.json``.
"""
