"""July 2025 replayed on loopback: a site, a mail server and a chat, and the real pipeline between them."""
