"""The register from a partner's file: read, checked, matched, merged in one transaction, told in a protocol.

Words: Layout (which column holds what), Profile (how one partner writes), Finding (what is wrong and where), staging
(temporary tables a file goes to first), match task (an ambiguous row that waits for a person). The format itself is
described in ``docs/formats/insured.md``.
"""
