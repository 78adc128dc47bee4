// title: Everybody in the units of these workers
// purpose: The people on the caseload and the people directly linked, in the systems that make the unit, to somebody on
//   it. This is the whole world of a worker on the linked family unit journey.
// parameters:
//   worker_ids: texts - the workers' ids in the case management system
//   sources: texts - the case management systems; none means any source
//   excluded: texts - people who do not exist for this reader; none where left out
// columns: person_id
// rows: 20000
// seconds: 4
CALL {
  UNWIND $sources AS source
  UNWIND $worker_ids AS worker
  WITH DISTINCT source, worker
  MATCH (w:Practitioner {practitioner_id: source + ':' + worker})
  RETURN w
  UNION
  UNWIND $worker_ids AS worker
  WITH DISTINCT worker
  WHERE size($sources) = 0
  MATCH (w:Practitioner)
  WHERE w.practitioner_id = w.source + ':' + worker
  RETURN w
}
MATCH (w)<-[led:LED_BY]-(i:Involvement)
WHERE (led.end IS NULL OR led.end = i.end) AND i.status = 'open' AND i.allocated
WITH i
MATCH (i)<-[:HAD]-(p:Person)
WHERE NOT p.person_id IN $excluded
WITH DISTINCT p
OPTIONAL MATCH (p)-[makes:RELATED_TO]-(m:Person)
WHERE NOT m.person_id IN $excluded AND (size($sources) = 0 OR makes.source IN $sources)
WITH p.person_id AS own, collect(DISTINCT m.person_id) AS linked
UNWIND [own] + linked AS person_id
RETURN DISTINCT person_id
ORDER BY person_id
