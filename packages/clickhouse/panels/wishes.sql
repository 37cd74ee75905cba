-- What, had it been logged, would have made reasons surer
-- where: failures
SELECT source, wish.field AS missing, any(wish.text) AS what_to_do, count() AS failures,
  countIf(decision = 'unexplained') AS unexplained
FROM failures ARRAY JOIN would_settle AS wish
WHERE time >= {since: DateTime64(3)} AND time < {until: DateTime64(3)} AND {{where}}
GROUP BY source, missing
ORDER BY failures DESC, missing
LIMIT {limit: UInt32}
