-- A number from 0 to 1 of one side of a person, the same for ever: his number and the salt decide. Read by people.
DROP FUNCTION IF EXISTS pg_temp.chance(text, bigint);
CREATE FUNCTION pg_temp.chance(enp text, salt bigint) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT (hashtextextended(enp, salt) & 1099511627775)::float8 / 1099511627776 $$
