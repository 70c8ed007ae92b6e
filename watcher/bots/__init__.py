"""Bots: what people press and ask in chats, and what its messages say of it."""
