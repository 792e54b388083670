"""Commands about the whole installation; the commands of a room live in ``opora/<room>/commands.py``."""
