"""Посты — a representative at a desk inside a clinic takes appeals on a tablet, with a network or without.

Words: Record (запись с поста: what the tablet kept under its own key), Envelope (a record sealed to the house: the
tablet cannot read it again), Stop (кабинет на пути), Memo (памятка: a person's way through the rooms, sent to him).
"""
