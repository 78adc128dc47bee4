-- Everything -> what one visibility class may hold. `rules` has one row: the class's rules (loaders/refresh/classes.py).
-- Every derived figure (residents, communal, who is still named) is computed from what is left, never from what is hidden.
-- Only what hides counts every source: who is shielded, which places are hidden, whether a sensitive service is involved.

CREATE SCHEMA seen;

CREATE TABLE seen.source AS
SELECT source FROM source_class, rules WHERE source_class.visibility = rules.visibility;

CREATE TABLE seen.hidden_person AS
SELECT person_id FROM shielded, rules WHERE rules.shielded_people <> 'whole';

CREATE TABLE seen.involvement AS
SELECT i.* REPLACE (told_apart(involvement_id, source_row) AS involvement_id,
                    unsaid(kind, rules.restricted_links) AS kind,
                    unsaid(end_reason, rules.restricted_links) AS end_reason,
                    unsaid(team, rules.restricted_links) AS team,
                    unsaid(role, rules.restricted_links) AS role,
                    unsaid(organisation, rules.restricted_links) AS organisation)
FROM "full".involvement i, rules
WHERE i.source IN (FROM seen.source) AND (rules.sensitive_services OR NOT i.sensitive)
  AND i.person_id NOT IN (FROM seen.hidden_person);

-- A row that is there for its legal status alone goes with it: an order without a name would tell as much.
CREATE TABLE seen.plan AS
SELECT p.* REPLACE (told_apart(plan_id, source_row) AS plan_id,
                    CASE WHEN rules.restricted_links OR NOT is_adoption_status(legal_status) THEN legal_status END
                        AS legal_status,
                    list_filter(needs, lambda need: unsaid(need, rules.restricted_links) IS NOT NULL) AS needs,
                    CASE WHEN rules.hidden_addresses OR NOT p.hidden THEN p.placement END AS placement)
FROM "full".plan p, rules
WHERE p.source IN (FROM seen.source) AND (rules.sensitive_services OR NOT p.sensitive)
  AND (rules.restricted_links OR NOT p.status_alone OR NOT is_adoption_status(p.legal_status))
  AND p.person_id NOT IN (FROM seen.hidden_person);

-- Each person as this class's own records tell them.
CREATE TABLE seen.person AS
WITH best AS (
    SELECT person_id,
           first(forename ORDER BY turn) AS forename,
           first(middle_names ORDER BY turn) AS middle_names,
           first(surname ORDER BY turn) AS surname,
           first(known_as ORDER BY turn) FILTER (known_as IS NOT NULL) AS known_as,
           coalesce(first(sex ORDER BY turn) FILTER (sex IN ('M', 'F')), 'U') AS sex,
           first(dob ORDER BY coalesce(dob_estimated, false), turn) FILTER (dob IS NOT NULL) AS dob,
           first(coalesce(dob_estimated, false) ORDER BY coalesce(dob_estimated, false), turn)
               FILTER (dob IS NOT NULL) AS dob_estimated,
           first(dod ORDER BY turn) FILTER (dod IS NOT NULL) AS dod,
           CASE WHEN bool_or(status = 'deceased' OR dod IS NOT NULL) THEN 'deceased'
                WHEN bool_or(status = 'alive') THEN 'alive'
                ELSE coalesce(first(status ORDER BY turn) FILTER (status IS NOT NULL), 'alive') END AS status,
           list_concat(list(trim(concat_ws(' ', forename, surname))),
                       flatten(list(coalesce(other_names, []::VARCHAR[])))) AS names,
           first(source ORDER BY turn) AS source,
           first(source_row ORDER BY turn) AS source_row,
           first(extracted_on ORDER BY turn) AS extracted_on,
           first(updated_on ORDER BY turn) AS updated_on
    FROM "full".record WHERE source IN (FROM seen.source) GROUP BY person_id
), named AS (
    SELECT * EXCLUDE names, strftime(dob, '%Y-%m') AS birth_month, person_id IN (FROM shielded) AS shielded,
           list_sort(list_distinct(list_filter(names, lambda name:
               name <> '' AND lower(name) <> lower(trim(concat_ws(' ', forename, surname)))))) AS other_names
    FROM best
), holder AS (
    SELECT l.to_id AS person_id,
           first(trim(concat_ws(' ', p.forename, p.surname)) ORDER BY l.start, p.person_id) AS pr_holder
    FROM "full".link l JOIN named p ON p.person_id = l.from_id
    WHERE l.to_id IN (FROM shielded) AND l.parental_responsibility = 'Y' AND l."end" IS NULL
      AND l.source IN (FROM seen.source) AND l.visibility = 'standard' AND NOT p.shielded
    GROUP BY l.to_id
)
SELECT p.*, h.pr_holder,
       NOT rules.sensitive_services AND NOT (p.shielded AND rules.shielded_people <> 'whole')
           AND p.person_id IN (FROM sensitive_person) AS sensitive_involved
FROM named p CROSS JOIN rules LEFT JOIN holder h USING (person_id)
WHERE NOT (p.shielded AND rules.shielded_people = 'absent');

-- Why a record was judged to be this person must not tell of a record that is not here: of whoever has one, the reason
-- is taken again from the pairs among the records that are.
CREATE TABLE seen.record AS
WITH told AS (
    SELECT * FROM "full".record WHERE source IN (FROM seen.source) AND person_id NOT IN (FROM seen.hidden_person)
), partly AS (
    SELECT person_id FROM "full".record WHERE source NOT IN (FROM seen.source)
), alone AS (
    SELECT person_id FROM told GROUP BY person_id HAVING count(*) = 1
), joined AS (
    SELECT *, row_number() OVER () AS turn FROM pair
    WHERE joined AND source_l IN (FROM seen.source) AND source_r IN (FROM seen.source)
), reason AS (
    SELECT source, record_id, arg_max(match_basis, (match_weight, turn)) AS match_basis,
           arg_max(match_probability, (match_weight, turn)) AS probability
    FROM (SELECT source_l AS source, record_id_l AS record_id, * FROM joined
          UNION ALL SELECT source_r, record_id_r, * FROM joined)
    GROUP BY source, record_id
), by_hand AS (
    FROM decided WHERE source_l IN (FROM seen.source) AND source_r IN (FROM seen.source)
), decision AS (
    SELECT source_l AS source, record_id_l AS record_id FROM by_hand UNION SELECT source_r, record_id_r FROM by_hand
)
SELECT told.* REPLACE (
    CASE WHEN told.person_id NOT IN (FROM partly) THEN told.match_basis
         WHEN told.person_id IN (FROM alone) THEN reason_word.alone
         WHEN (source, record_id) IN (FROM decision) THEN reason_word.decided
         ELSE coalesce(reason.match_basis, reason_word.recorded) END AS match_basis,
    CASE WHEN told.person_id NOT IN (FROM partly) THEN told.probability
         WHEN told.person_id IN (FROM alone) OR (source, record_id) IN (FROM decision) THEN 1
         ELSE coalesce(reason.probability, 1) END AS probability)
FROM told CROSS JOIN reason_word LEFT JOIN reason USING (source, record_id);

-- The words of a link that nobody could place may tell of an allegation, an adoption, or a name.
CREATE TABLE seen.link AS
SELECT l.* REPLACE (CASE WHEN rules.restricted_links OR l.code <> 'UNKNOWN' THEN l.source_label END AS source_label)
FROM "full".link l, rules
WHERE l.source IN (FROM seen.source) AND (rules.restricted_links OR l.visibility = 'standard')
  AND l.from_id NOT IN (FROM seen.hidden_person) AND l.to_id NOT IN (FROM seen.hidden_person);

CREATE TABLE seen.home AS
SELECT r.* FROM "full".residence r, rules
WHERE r.source IN (FROM seen.source) AND (rules.hidden_addresses OR NOT r.hidden)
  AND r.person_id NOT IN (FROM seen.hidden_person);

-- A text that goes with one property number only, in what this class may see, is that property.
CREATE TABLE seen.known_place AS
SELECT text_id, CASE WHEN count(DISTINCT uprn_id) = 1 THEN min(uprn_id) END AS only_uprn_id FROM seen.home
WHERE uprn_id IS NOT NULL AND text_id IS NOT NULL GROUP BY text_id;

CREATE TABLE seen.residence AS
SELECT coalesce(h.uprn_id, k.only_uprn_id, h.text_id) AS address_id, h.*
FROM seen.home h LEFT JOIN seen.known_place k USING (text_id);

CREATE TABLE seen.address AS
SELECT address_id,
       first(text ORDER BY length(text) DESC, text) AS text,
       first(postcode ORDER BY postcode) FILTER (postcode IS NOT NULL) AS postcode,
       first(uprn ORDER BY uprn) FILTER (uprn IS NOT NULL) AS uprn,
       count(DISTINCT person_id)::DOUBLE AS residents,
       bool_or(hub_word)
           OR count(DISTINCT person_id) FILTER ("end" IS NULL) > any_value(hub.residents_now)
           OR count(DISTINCT person_id) > any_value(hub.residents_ever) AS communal,
       first(source ORDER BY source, source_row) AS source,
       first(source_row ORDER BY source, source_row) AS source_row,
       max(extracted_on) AS extracted_on, max(updated_on) AS updated_on
FROM seen.residence, hub GROUP BY address_id;

-- A fact about a place stands on an address that somebody of this class has, and never makes one: by its property
-- number, else by its text where nothing this class may see gives that text a number.
CREATE TABLE seen.event AS
WITH place AS (
    SELECT f.* EXCLUDE (uprn_id, text_id), coalesce(f.uprn_id, k.only_uprn_id) AS number_id,
           CASE WHEN f.uprn_id IS NULL OR k.text_id IS NULL THEN f.text_id END AS words_id
    FROM "full".place_fact f LEFT JOIN seen.known_place k USING (text_id)
), told AS (
    SELECT e.*, NULL::VARCHAR AS address_id FROM "full".event e WHERE e.person_id NOT IN (FROM seen.hidden_person)
    UNION ALL BY NAME
    SELECT place.* EXCLUDE (number_id, words_id), coalesce(by_number.address_id, by_words.address_id) AS address_id
    FROM place
    LEFT JOIN seen.address by_number ON by_number.address_id = number_id
    LEFT JOIN seen.address by_words ON by_words.address_id = words_id
    WHERE by_number.address_id IS NOT NULL OR by_words.address_id IS NOT NULL
)
SELECT told.* REPLACE (told_apart(event_id, source_row) AS event_id, unsaid(detail, rules.restricted_links) AS detail)
FROM told, rules
WHERE told.source IN (FROM seen.source) AND (rules.sensitive_services OR NOT told.sensitive)
  AND (told.kind IS NULL OR unsaid(told.kind, rules.restricted_links) IS NOT NULL);

CREATE TABLE seen.practitioner AS
SELECT p.* REPLACE (unsaid(role, rules.restricted_links) AS role,
                    unsaid(team, rules.restricted_links) AS team,
                    unsaid(email, rules.restricted_links) AS email,
                    unsaid(organisation_name, rules.restricted_links) AS organisation_name,
                    CASE WHEN unsaid(organisation_name, rules.restricted_links) IS NOT NULL THEN organisation_id END
                        AS organisation_id)
FROM "full".practitioner p, rules WHERE practitioner_id IN (SELECT practitioner_id FROM seen.involvement);

CREATE TABLE seen.organisation AS
SELECT * FROM "full".organisation WHERE organisation_id IN (SELECT organisation_id FROM seen.practitioner);

CREATE TABLE seen.service AS
SELECT s.* FROM service s WHERE service_id IN (
    SELECT service_id FROM seen.involvement
    UNION SELECT service_id FROM seen.plan
    UNION SELECT service_id FROM seen.event
);
