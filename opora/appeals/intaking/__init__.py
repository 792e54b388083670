"""The page on which an operator takes an appeal: its fields, what it shows while she types, and how it is saved."""
