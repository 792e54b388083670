"""Двери — whatever a citizen writes through comes in one shape, and the answer leaves by his door.

Words: Door (a mailbox, the site, a messenger, Госуслуги of one organisation), Thread (переписка of one citizen),
Message (append-only, in or out). A message is stored before anything is decided of it, once, by the id its sender gave.
"""
