"""Почта для проверок — a real SMTP server and the mailbox of its returns over IMAP, on loopback, a process of its own.

Words: Keeper (takes letters, writes each down before it answers), Returns (letters that came back, as reports of
RFC 3464), Mailbox (the IMAP side of them). Door: ``opora mailhouse``, process.MailhouseProcess.
"""
