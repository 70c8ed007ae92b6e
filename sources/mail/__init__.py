"""Mailboxes: IMAP, read without a trace, and mails as pages.

mailbox         a mailbox as pages: its address in their URL, its mails in their bodies. Pure
letter          the parts of a mail, what it says, and its entries; visible is what a person sees of HTML. Pure
session         the session of a check, as that of sources/http: which mails are new, and their pages
connection      one connection to a server, in a thread; bells wait over such until mails have come
signatures      what DKIM and ARC say of a mail
"""
