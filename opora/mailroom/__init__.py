"""Канцелярия — paper: what came gets a number and a label, what leaves an envelope, a list for the post and a fate.

Words: Incoming (входящее письмо with its scans), Scan (a file of it) and its Pages, Outgoing (a letter that leaves by
post), PostList (список отправлений handed to the post office). What a machine has read off a scan is for finding only.
"""
