// title: How large is each caseload?
// purpose: For each worker, how many people they are the allocated worker of today.
// parameters:
//   sources: texts - the case management systems; none means any source
//   excluded: texts - people who do not exist for this reader; none where left out
// columns: worker_id, name, people
// rows: 5000
// seconds: 5
MATCH (w:Practitioner)
WHERE size($sources) = 0 OR w.source IN $sources
MATCH (w)<-[led:LED_BY]-(i:Involvement)
WHERE (led.end IS NULL OR led.end = i.end) AND i.status = 'open' AND i.allocated
WITH w, i
MATCH (i)<-[:HAD]-(p:Person)
WHERE NOT p.person_id IN $excluded
WITH w, count(DISTINCT p.person_id) AS people
RETURN substring(w.practitioner_id, size(w.source) + 1) AS worker_id, w.name AS name, people
ORDER BY people DESC, worker_id, name
