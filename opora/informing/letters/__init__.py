"""Print runs: letter touches become paper, paper goes to the post, and some of it comes back.

Words: PrintRun (тираж), LetterItem (письмо тиража), Envelope, register (реестр), return. Door: ``services`` (draw up,
printed, handed over, cancelled, returned), ``drawing`` (the background work), ``queries``.
Pure: ``numbers``, ``addresses``, ``envelopes``. Paper: ``paper``, ``registers``; where it lies: ``store``.
"""
