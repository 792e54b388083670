-- What some people, or everybody, add to the sums of people told (sign −1: take away), into the table told_change. A
-- person adds one to «informed» in the month in which a contact of the stream first reached her in the calendar year,
-- one to «repeated» in the month of the first that was not the first of the year for its measure; so the months up to
-- any add up to people of the year so far, each once. Rows of an organisation hold those of its branches, the row
-- without one everybody's of the territory. Read by told.keeping. The people are those of told_people unless all are
-- wanted. Budget: 5.4 million contacts of everybody under 120 s of work; 50 000 people under 10 s.
INSERT INTO told_change (year, month, territory, insurer_id, stream, informed, repeated, contacts)
WITH streams AS (
  SELECT * FROM unnest(%(streams)s::varchar[], %(measures)s::varchar[], %(channels)s::varchar[])
           AS s(stream, measure, channel)
), owners AS (
  SELECT id AS insurer_id, id AS owner_id FROM organisations_organisation
  UNION ALL SELECT id, parent_id FROM organisations_organisation WHERE parent_id IS NOT NULL
  UNION ALL SELECT id, NULL FROM organisations_organisation
), told AS MATERIALIZED (
  SELECT territory, insurer_id, measure, channel, person_id, is_first,
         extract(year FROM "on")::smallint AS year, extract(month FROM "on")::smallint AS month
    FROM informing_informed
   WHERE is_informing AND way <> 'survey'
     AND "on" >= make_date(%(since)s, 1, 1) AND "on" < make_date(%(until)s + 1, 1, 1)
     AND (%(everybody)s OR person_id IN (SELECT person_id FROM told_people))
), people AS (
  SELECT year, territory, owner_id, stream, person_id, min(month) AS first,
         min(month) FILTER (WHERE NOT is_first) AS again
    FROM told JOIN streams USING (measure, channel) JOIN owners USING (insurer_id)
   GROUP BY person_id, owner_id, year, stream, territory
), contacts AS (
  SELECT year, month, territory, insurer_id, measure, channel, count(*) AS contacts
    FROM told GROUP BY year, month, territory, insurer_id, measure, channel
)
SELECT year, month, territory, owner_id, stream, %(sign)s * sum(informed), %(sign)s * sum(repeated),
       %(sign)s * sum(contacts)
  FROM (SELECT year, first AS month, territory, owner_id, stream, count(*) AS informed, 0 AS repeated, 0 AS contacts
          FROM people GROUP BY year, first, territory, owner_id, stream
        UNION ALL
        SELECT year, again, territory, owner_id, stream, 0, count(*), 0
          FROM people WHERE again IS NOT NULL GROUP BY year, again, territory, owner_id, stream
        UNION ALL
        SELECT year, month, territory, owner_id, stream, 0, 0, sum(contacts)
          FROM contacts JOIN streams USING (measure, channel) JOIN owners USING (insurer_id)
         GROUP BY year, month, territory, owner_id, stream) parts
 GROUP BY year, month, territory, owner_id, stream
