"""Mailboxes: IMAP, read without a trace, and mails as pages."""
