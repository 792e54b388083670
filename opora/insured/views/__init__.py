"""Pages of one person. The search and the import have views of their own."""
