// title: Whose record is this?
// purpose: The person behind a case id or another source's own id. Two sources may use the same id.
// parameters:
//   record_id: text - the source's own id for the person
//   excluded: texts - people who do not exist for this reader; none where left out
// columns: person_id, source, record_id
// rows: 50
// seconds: 2
MATCH (r:Record {record_id: $record_id})<-[:RECORDED_AS]-(p:Person)
WHERE NOT p.person_id IN $excluded
RETURN p.person_id AS person_id, r.source AS source, r.record_id AS record_id
ORDER BY source, person_id
