"""Atom feeds of changes, for the desk and for `watch feed`.

offered  which feeds there are, what is in each, and the keys of their addresses
atom     changes as a feed
"""
