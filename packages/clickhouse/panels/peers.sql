-- Which peers failed when: the dozen with most failures, and how much each was asked
-- argument: step, seconds
-- where: failures
WITH worst AS (
  SELECT peer FROM failures
  WHERE time >= {since: DateTime64(3)} AND time < {until: DateTime64(3)} AND peer != '' AND {{where}}
  GROUP BY peer ORDER BY count() DESC, peer LIMIT 12)
SELECT peer, at, sum(failed) AS failures, sum(asked) AS requests FROM (
  SELECT peer, intDiv(toUnixTimestamp(time), {step: UInt32}) * {step: UInt32} * 1000 AS at, count() AS failed, 0 AS asked
  FROM failures
  WHERE time >= {since: DateTime64(3)} AND time < {until: DateTime64(3)} AND peer IN worst AND {{where}}
  GROUP BY peer, at
  UNION ALL
  SELECT peer, intDiv(toUnixTimestamp(bucket), {step: UInt32}) * {step: UInt32} * 1000 AS at, 0 AS failed, sum(requests) AS asked
  FROM {{traffic}}
  WHERE peer IN worst
  GROUP BY peer, at)
GROUP BY peer, at
ORDER BY peer, at
LIMIT {limit: UInt32}
