"""Recognises responses that stand in place of the content: challenge, login, error page, JavaScript shell. Pure.

classify      weighs the evidence: the kind of block, and the reason
signatures    the features of such pages, as data
page_outline  measures an HTML page's text and structure by counting
js_shell      pages without text
truncation    whether a document is complete
"""
