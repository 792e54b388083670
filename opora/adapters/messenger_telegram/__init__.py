"""A bot of Telegram as a door: the Bot API over HTTP, by long polling.

Source: the public description of the Bot API (getUpdates, sendMessage, sendDocument, getFile). ``api`` speaks,
``updates`` reads what came, ``way`` is what the doors call. Telegram says nothing of delivery: a message it took stays
«отправлено».
"""
