"""Почта для проверок — a real SMTP server, mailboxes and the one of its returns over IMAP, on loopback, a process.

Words: Keeper (takes letters, writes each down before it answers), Letters (of one mailbox), Returns (those that came
back, as reports of RFC 3464), Mailbox (the IMAP side of them). Door: ``opora mailhouse``, process.MailhouseProcess.
"""
