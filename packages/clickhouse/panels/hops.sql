-- Which hop made the statuses, as seen from which log, and behind which peers
-- where: failures
SELECT source, hop, generator, count() AS failures, topK(1)(mechanism)[1] AS mostly, groupUniqArrayArray(rows.source) AS seen
FROM failures
WHERE time >= {since: DateTime64(3)} AND time < {until: DateTime64(3)} AND {{where}}
GROUP BY source, hop, generator
ORDER BY failures DESC
LIMIT {limit: UInt32}
