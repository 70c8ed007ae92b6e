"""Recognises responses that stand in place of the content: challenge, login, error page, JavaScript shell. Pure.

pages         refuses a page that is certainly not the content
classify      weighs the evidence: which kind of block a response is
explanations  what is said of each kind, and what to do about it
signatures    the features of such pages, as data
outline       measures an HTML page's text and structure by counting; whether it is complete
"""
