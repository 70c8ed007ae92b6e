"""The lines of a message, as each kind of service shows them.

text  plain text
mail  an HTML document for mail
chat  chats: bold, links, quotes
runs  groups lines that mail and chats show together
"""
