"""Почта — letters by SMTP, and what comes back: reports of delivery (RFC 3464) read from a mailbox of returns.

Words: envelope (who gets it and whom the returns go to), VERP (an address of return for each letter), DSN (a report).
Door: gateway.SmtpGateway, reports.read.
"""
