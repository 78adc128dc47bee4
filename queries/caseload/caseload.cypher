// title: The caseload of these workers
// purpose: Everybody with an open, allocated involvement in these systems that one of these workers leads today.
// parameters:
//   worker_ids: texts - the workers' ids in the case management system
//   sources: texts - the case management systems; none means any source
//   excluded: texts - people who do not exist for this reader; none where left out
// columns: person_id, forename, surname, known_as, other_names, sex, dob, case_ids, worker_id
// rows: 2000
// seconds: 3
CALL {
  UNWIND $sources AS source
  UNWIND $worker_ids AS worker
  WITH DISTINCT source, worker
  MATCH (w:Practitioner {practitioner_id: source + ':' + worker})
  RETURN w, worker
  UNION
  UNWIND $worker_ids AS worker
  WITH DISTINCT worker
  WHERE size($sources) = 0
  MATCH (w:Practitioner)
  WHERE w.practitioner_id = w.source + ':' + worker
  RETURN w, worker
}
MATCH (w)<-[led:LED_BY]-(i:Involvement)
WHERE (led.end IS NULL OR led.end = i.end) AND i.status = 'open' AND i.allocated
WITH worker, i
MATCH (i)<-[:HAD]-(p:Person)
WHERE NOT p.person_id IN $excluded
WITH DISTINCT worker, p
OPTIONAL MATCH (p)-[:RECORDED_AS]->(r:Record)
WHERE size($sources) = 0 OR r.source IN $sources
WITH worker, p, r
ORDER BY r.record_id
WITH worker, p, collect(r.record_id) AS case_ids
RETURN p.person_id AS person_id, p.forename AS forename, p.surname AS surname, p.known_as AS known_as,
       p.other_names AS other_names, p.sex AS sex, p.dob AS dob, case_ids, worker AS worker_id
ORDER BY surname, forename, person_id, worker_id
