"""Mailboxes: IMAP, read without a trace, and mails as pages.

address         what the URL of a mailbox says. Pure
bundle          the mails of a page, in its body. Pure
letter          what a mail says, and its entries; parts are those of MIME, visible is what a person sees of HTML. Pure
session         the session of a check, as that of sources/http: which mails are new, and their pages
connection      one connection to a server, in a thread
bells           waits for mailboxes to tell that mails have come
signatures      what DKIM and ARC say of a mail
"""
