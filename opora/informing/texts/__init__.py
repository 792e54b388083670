"""Texts of informing: written, judged before they are kept, shown on real people, replaced by newer versions.

Words: Template (a text; the model stands in ``models.campaign``), Fault (what is wrong and where), Look (how a text
reads for one person and how long it is), Figure (how it fits the people of the plan).
Door: ``services.save``, ``queries``, ``looks``. Pure: ``rules``. Data: ``packs/private_words.json``,
``packs/languages.json``.
"""
