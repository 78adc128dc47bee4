// title: The links among these people
// purpose: Every recorded link that begins and ends among the people given. Nobody else is passed through. Each reads
//   "(from) is the CODE of (to)".
// parameters:
//   person_ids: texts - the people
//   excluded: texts - people who do not exist for this reader; none where left out
// columns: from_id, to_id, code, start, end, parental_responsibility, basis, source_label, source, source_row,
//   extracted_on, updated_on
// rows: 3000
// seconds: 3
UNWIND $person_ids AS one
WITH DISTINCT one
MATCH (a:Person {person_id: one})-[r:RELATED_TO]->(b:Person)
WHERE b.person_id IN $person_ids AND NOT a.person_id IN $excluded AND NOT b.person_id IN $excluded
RETURN a.person_id AS from_id, b.person_id AS to_id, r.code AS code, r.start AS start, r.end AS `end`,
       r.parental_responsibility AS parental_responsibility, r.basis AS basis, r.source_label AS source_label,
       r.source AS source, r.source_row AS source_row, r.extracted_on AS extracted_on, r.updated_on AS updated_on
ORDER BY from_id, to_id, source, code, CASE WHEN start IS NULL THEN 1 ELSE 0 END, start DESC, source_row
