"""Who is told what, and how: watchlist, rules, messages, sending."""
