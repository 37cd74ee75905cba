-- Incidents, the latest first
-- where: incidents
SELECT id, started, ended, cause, mechanism, upstream, requests, clients, round(confidence, 3) AS confidence, title
FROM incidents FINAL
WHERE ended >= {since: DateTime64(3)} AND started < {until: DateTime64(3)} AND {{where}}
ORDER BY started DESC, id
LIMIT {limit: UInt32}
