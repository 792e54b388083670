"""What became of the complaints of a scenario: cases, acts, restored rights, disputes, claims — by sets.

The rows are those that the services of ``opora.complaints`` leave (``tests/test_like_services.py``); moments lie in the
life of each complaint. Door: ``settle.settle_cases``.
"""
