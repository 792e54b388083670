-- The next number of an organisation in a year. The counter's row is held until the commit: a number is given by the
-- transaction that uses it, so none is lost and none is given twice. Read by mailroom.services._paper.
-- Budget: one row by its key, under 1 ms; writers of one organisation and year wait for each other.
INSERT INTO mailroom_numbering (organisation_id, what, year, last)
VALUES (%(organisation)s, %(what)s, %(year)s, 1)
ON CONFLICT (organisation_id, what, year) DO UPDATE SET last = mailroom_numbering.last + 1
RETURNING last
