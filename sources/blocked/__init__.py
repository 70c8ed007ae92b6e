"""Recognises responses that stand in place of the content: challenge, login, error page, JavaScript shell. Pure.

classify      refuses such a page: which kind of block a response is, by the features in signatures.toml
unfilled      finds what of a page a script has still to fill, by its form
outline       measures an HTML page's text and structure by counting; whether it is complete
"""
