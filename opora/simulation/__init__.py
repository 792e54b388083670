"""Моделирование — scenarios that fill the house with believable life through the same tables.

Words: scenario, seed, scale. Door: ``opora simulate``, demo.ensure_demo. Everyone in here is invented.
"""
