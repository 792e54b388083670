"""A mailbox as a door: letters are fetched over IMAP, answers leave by the SMTP provider of ``opora.channels``."""
