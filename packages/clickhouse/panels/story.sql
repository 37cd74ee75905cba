-- All that is known of requests by an id: of the verdict, or one that was logged
-- argument: id, the id or its beginning, six letters at least
SELECT id, revision, final, toUnixTimestamp64Milli(time) AS at, source, file, line, request_id, status, method, host, path,
  upstream, peer, duration_ms, rows, merged_into, outcome, generator, hop, decision, cause, mechanism, confidence,
  mechanism_confidence, certainty, candidates, evidence, primary, remedy, would_settle, incident
FROM verdicts FINAL
WHERE length({id: String}) >= 6 AND (startsWith(id, {id: String}) OR startsWith(request_id, {id: String}))
ORDER BY time DESC, id
LIMIT 20
