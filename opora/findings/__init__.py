"""Системные нарушения — what many appeals say together: waits over the limit, bursts of a topic, causes behind many."""
