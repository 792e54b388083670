"""Pages of the room: cards, and templates of letters."""
