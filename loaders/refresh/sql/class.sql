-- Everything -> what one visibility class may hold. `rules` has one row: the class's rules (loaders/refresh/classes.py).
-- Every derived figure (residents, communal, who is still named) is computed from what is left, never from what is hidden.

CREATE SCHEMA seen;

CREATE TABLE seen.hidden_person AS
SELECT person_id FROM "full".person, rules WHERE shielded AND rules.shielded_people <> 'whole';

CREATE TABLE seen.involvement AS
SELECT i.* FROM "full".involvement i, rules
WHERE (rules.sensitive_services OR NOT i.sensitive) AND i.person_id NOT IN (FROM seen.hidden_person);

CREATE TABLE seen.person AS
SELECT p.*,
       CASE WHEN p.shielded AND rules.shielded_people <> 'absent' THEN h.pr_holder END AS pr_holder,
       NOT rules.sensitive_services AND NOT (p.shielded AND rules.shielded_people <> 'whole') AND EXISTS (
           FROM "full".involvement i WHERE i.person_id = p.person_id AND i.sensitive) AS sensitive_involved
FROM "full".person p CROSS JOIN rules LEFT JOIN pr_holder h USING (person_id)
WHERE NOT (p.shielded AND rules.shielded_people = 'absent');

CREATE TABLE seen.record AS
SELECT * FROM "full".record WHERE person_id NOT IN (FROM seen.hidden_person);

CREATE TABLE seen.link AS
SELECT l.* FROM "full".link l, rules
WHERE (rules.restricted_links OR l.visibility = 'standard')
  AND l.from_id NOT IN (FROM seen.hidden_person) AND l.to_id NOT IN (FROM seen.hidden_person);

CREATE TABLE seen.residence AS
WITH kept AS (
    SELECT r.* FROM "full".residence r, rules
    WHERE (rules.hidden_addresses OR NOT r.hidden) AND r.person_id NOT IN (FROM seen.hidden_person)
), known AS (
    SELECT text_key, min(uprn) AS only_uprn FROM kept
    WHERE uprn IS NOT NULL AND text_key <> '' GROUP BY text_key HAVING count(DISTINCT uprn) = 1
)
SELECT left(sha256(secret.value || coalesce(kept.uprn, known.only_uprn, kept.text_key)), 24) AS address_id, kept.*
FROM kept CROSS JOIN secret LEFT JOIN known USING (text_key);

CREATE TABLE seen.address AS
SELECT address_id,
       first(text ORDER BY length(text) DESC, text) AS text,
       first(postcode ORDER BY postcode) FILTER (postcode IS NOT NULL) AS postcode,
       first(uprn ORDER BY uprn) FILTER (uprn IS NOT NULL) AS uprn,
       count(DISTINCT person_id)::DOUBLE AS residents,
       bool_or(regexp_matches(lower(text), hub.words))
           OR count(DISTINCT person_id) FILTER ("end" IS NULL) > any_value(hub.residents_now)
           OR count(DISTINCT person_id) > any_value(hub.residents_ever) AS communal,
       first(source ORDER BY source, source_row) AS source,
       first(source_row ORDER BY source, source_row) AS source_row,
       max(extracted_on) AS extracted_on, max(updated_on) AS updated_on
FROM seen.residence, hub GROUP BY address_id;

CREATE TABLE seen.practitioner AS
SELECT * FROM "full".practitioner WHERE practitioner_id IN (SELECT practitioner_id FROM seen.involvement);

CREATE TABLE seen.organisation AS
SELECT * FROM "full".organisation WHERE organisation_id IN (SELECT organisation_id FROM seen.practitioner);

CREATE TABLE seen.service AS
SELECT s.* FROM service s WHERE service_id IN (SELECT service_id FROM seen.involvement);
