"""A suspicious snapshot, for people who decide about it.

held        what the held one would bring, and taking it: `watch accept`
would_hold  whether the next check would find what was read suspicious: `watch try`
"""
