"""Bots: what people press and ask in chats, and what its messages say of it.

attend     the threads of a daemon's bots
decisions  what a pressed button does, and what messages with buttons say of decisions
questions  what somebody asks, answered in a few lines
"""
