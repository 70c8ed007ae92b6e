"""Atom feeds of changes, for the desk and for `watch feed`.

offered  which feeds there are, what is in each, and their addresses
atom     changes as a feed
"""
