"""Conversations with a bot whose host is killed again and again, and what became of them."""
