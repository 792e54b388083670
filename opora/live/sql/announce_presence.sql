-- Renew that an employee has a card open; is_new when she had not. Read by live.services.announce_presence.
-- Forgets the lapsed rows of this card. Budget: 1 ms; the table is unlogged and holds open cards only.
WITH lapsed AS (
    DELETE FROM live_presence WHERE subject = %(subject)s AND until < statement_timestamp()
       AND NOT (employee_id = %(employee)s AND session = %(session)s)
)
INSERT INTO live_presence AS present (subject, employee_id, session, until)
VALUES (%(subject)s, %(employee)s, %(session)s, statement_timestamp() + make_interval(secs => %(seconds)s))
    ON CONFLICT (subject, employee_id, session) DO UPDATE SET until = EXCLUDED.until
RETURNING (xmax = 0) AS is_new;
