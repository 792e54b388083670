"""Ответы и шаблоны — approved answer cards for typical questions and the templates of letters.

Words: AnswerCard (карточка ответа), CardText (one wording with its dates and who approved it), LetterTemplate.
Door: models, services, queries. An expired card is hidden by itself; dates and limits come from packs, not from
its text.
Source: domain handbook 12, 02 §3.
"""
