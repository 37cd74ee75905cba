-- Which hop made the statuses, as seen from which log
-- where: failures
SELECT source AS seen_at, hop AS made_by, generator, status, count() AS failures, topK(1)(mechanism)[1] AS mostly
FROM failures
WHERE time >= {since: DateTime64(3)} AND time < {until: DateTime64(3)} AND {{where}}
GROUP BY seen_at, made_by, generator, status
ORDER BY failures DESC, seen_at, made_by, status
LIMIT {limit: UInt32}
