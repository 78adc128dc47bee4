-- Who is shielded tonight. Inputs: std.person, std.address, cluster, pair, place_key, memory, unread. Errs towards shielding.

CREATE TABLE folded AS
SELECT c.person_id, p.source, p.record_id, p.dob, p.sex, p.nhs_number, p.upn, p.restricted, p.restriction_kind,
       trim(regexp_replace(lower(strip_accents(coalesce(p.forename, ''))), '[^a-z]+', ' ', 'g')) AS forename,
       trim(regexp_replace(lower(strip_accents(coalesce(p.surname, ''))), '[^a-z]+', ' ', 'g')) AS surname
FROM std.person p JOIN cluster c USING (source, record_id);

-- Restricted records: flagged now, or remembered (by record, by person, or, where the record is gone, by a number or by
-- date of birth and a name).
CREATE TABLE restricted_seed AS
WITH gone AS (
    SELECT m.* REPLACE (
        nullif(trim(regexp_replace(m.forename, '[^a-z]+', ' ', 'g')), '') AS forename,
        nullif(trim(regexp_replace(m.surname, '[^a-z]+', ' ', 'g')), '') AS surname
    ) FROM memory m ANTI JOIN std.person p USING (source, record_id)
)
SELECT source, record_id, coalesce(restriction_kind, 'restricted') AS kind FROM folded WHERE restricted
UNION
SELECT m.source, m.record_id, m.kind FROM memory m JOIN std.person p USING (source, record_id)
UNION
SELECT c.source, c.record_id, m.kind FROM memory m JOIN cluster c USING (person_id)
UNION
SELECT f.source, f.record_id, gone.kind FROM folded f JOIN gone ON
    f.nhs_number = gone.nhs_number OR f.upn = gone.upn
    OR (f.dob = gone.dob AND (f.forename = gone.forename OR f.surname = gone.surname));

-- The net: records that may be another record of a restricted person, compared far more loosely than linking may.
CREATE MACRO alike(a, b, least) AS
    a <> '' AND b <> '' AND (jaro_winkler_similarity(a, b) >= least
    OR len(list_filter(list_intersect(string_split(a, ' '), string_split(b, ' ')), lambda word: len(word) > 2)) > 0);
CREATE MACRO initial(a, b) AS a <> '' AND left(a, 1) = left(b, 1);

CREATE TABLE hidden_folded AS
SELECT f.*, home.text_key FROM folded f
JOIN (SELECT DISTINCT person_id FROM cluster JOIN restricted_seed USING (source, record_id)) USING (person_id)
LEFT JOIN (SELECT DISTINCT a.source, a.record_id, k.text_key FROM std.address a
           JOIN place_key k ON k.text IS NOT DISTINCT FROM a.text AND k.postcode IS NOT DISTINCT FROM a.postcode
           WHERE k.text_key <> '') home USING (source, record_id);

CREATE TABLE net AS
WITH open_record AS (
    SELECT f.* FROM folded f ANTI JOIN hidden_folded h USING (person_id)
), same_day AS (
    SELECT o.source, o.record_id FROM open_record o JOIN hidden_folded h ON o.dob = h.dob
    WHERE (alike(o.surname, h.surname, 0.88) AND (initial(o.forename, h.forename) OR alike(o.forename, h.forename, 0.8)))
       OR (alike(o.surname, h.forename, 0.88) AND (initial(o.forename, h.surname) OR alike(o.forename, h.surname, 0.8)))
), within_a_slip AS (
    -- Two of year, month and day agree, or day and month changed places.
    SELECT o, h FROM open_record o JOIN hidden_folded h ON year(o.dob) = year(h.dob) AND month(o.dob) = month(h.dob)
    UNION ALL
    SELECT o, h FROM open_record o JOIN hidden_folded h ON year(o.dob) = year(h.dob) AND day(o.dob) = day(h.dob)
    UNION ALL
    SELECT o, h FROM open_record o JOIN hidden_folded h ON month(o.dob) = month(h.dob) AND day(o.dob) = day(h.dob)
    UNION ALL
    SELECT o, h FROM open_record o JOIN hidden_folded h
        ON year(o.dob) = year(h.dob) AND month(o.dob) = day(h.dob) AND day(o.dob) = month(h.dob)
), near_day AS (
    SELECT o.source, o.record_id FROM within_a_slip
    WHERE alike(o.surname, h.surname, 0.88) AND alike(o.forename, h.forename, 0.8)
), no_day AS (
    SELECT o.source, o.record_id FROM open_record o
    JOIN std.address a USING (source, record_id)
    JOIN place_key k ON k.text IS NOT DISTINCT FROM a.text AND k.postcode IS NOT DISTINCT FROM a.postcode
    JOIN hidden_folded h ON h.text_key = k.text_key AND (h.dob IS NULL OR o.dob IS NULL)
    WHERE alike(o.surname, h.surname, 0.88) AND alike(o.forename, h.forename, 0.88)
)
SELECT DISTINCT source, record_id FROM (FROM same_day UNION ALL FROM near_day UNION ALL FROM no_day);

-- Whoever may stand on a row that could not be loaded and may restrict them: by a number, by birth and one name, or by
-- two names where the row has neither.
CREATE TABLE on_a_lost_row AS
WITH lost AS (
    SELECT number, dob, trim(regexp_replace(lower(strip_accents(coalesce(name, ''))), '[^a-z]+', ' ', 'g')) AS name,
           trim(regexp_replace(lower(strip_accents(coalesce(other, ''))), '[^a-z]+', ' ', 'g')) AS other
    FROM unread
)
SELECT f.source, f.record_id FROM folded f JOIN lost ON f.nhs_number = lost.number
UNION
SELECT f.source, f.record_id FROM folded f JOIN lost ON f.upn = lost.number
UNION
SELECT f.source, f.record_id FROM folded f JOIN lost ON f.dob = lost.dob AND f.forename = lost.name
UNION
SELECT f.source, f.record_id FROM folded f JOIN lost ON f.dob = lost.dob AND f.surname = lost.name
UNION
SELECT f.source, f.record_id FROM folded f JOIN lost ON f.forename = lost.name AND f.surname = lost.other
WHERE f.forename <> '' AND f.surname <> '';

CREATE TABLE shielded AS
WITH near AS (
    SELECT source_r AS source, record_id_r AS record_id FROM pair
    JOIN restricted_seed s ON s.source = source_l AND s.record_id = record_id_l
    UNION
    SELECT source_l, record_id_l FROM pair
    JOIN restricted_seed s ON s.source = source_r AND s.record_id = record_id_r
    UNION
    SELECT source, record_id FROM net
    UNION
    SELECT source, record_id FROM on_a_lost_row
)
SELECT DISTINCT person_id FROM cluster JOIN (
    SELECT source, record_id FROM restricted_seed UNION SELECT source, record_id FROM near
) USING (source, record_id);
