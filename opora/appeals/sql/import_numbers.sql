-- Takes as many numbers as there are newcomers in one step; the first of them. Read by appeals.importing.
-- Budget: one row changed, whatever the size of the file.
INSERT INTO appeals_numbering (organisation_id, year, last) VALUES (%(organisation)s, %(year)s, %(count)s)
ON CONFLICT (organisation_id, year) DO UPDATE SET last = appeals_numbering.last + %(count)s
RETURNING last - %(count)s AS former
