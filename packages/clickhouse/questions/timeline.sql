-- Failures over time, one row per step and cause
-- where: failures
WITH greatest(10, intDiv(dateDiff('second', {since: DateTime64(3)}, {until: DateTime64(3)}), 60)) AS step
SELECT toDateTime(intDiv(toUnixTimestamp(time), step) * step, 'UTC') AS from, cause, count() AS failures
FROM failures
WHERE time >= {since: DateTime64(3)} AND time < {until: DateTime64(3)} AND {{where}}
GROUP BY from, cause
ORDER BY from, cause
LIMIT {limit: UInt32}
