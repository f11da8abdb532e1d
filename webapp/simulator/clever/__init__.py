"""Clever, played: its sign-in, its token list and its Data API, with the oddities that its documents tell of."""
