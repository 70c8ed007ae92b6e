"""Replays July 2025 on loopback: a web site, a mail server and a chat, with the real pipeline between them.

play     the pages of the site at each moment of the story, the configuration, and the checks then
"""
