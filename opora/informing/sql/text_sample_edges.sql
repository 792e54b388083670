-- Where the people of a plan begin and end, by number. Read by texts.figures. Budget: 5 ms at 3 million.
SELECT (SELECT person_id FROM informing_planentry WHERE year = %(year)s AND measure = %(measure)s
         ORDER BY person_id LIMIT 1) AS first,
       (SELECT person_id FROM informing_planentry WHERE year = %(year)s AND measure = %(measure)s
         ORDER BY person_id DESC LIMIT 1) AS last
