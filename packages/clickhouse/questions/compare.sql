-- Two stretches of time side by side: what became more, what less
-- argument: a, the first stretch: FROM/TO
-- argument: b, the second stretch: FROM/TO
-- where: failures
SELECT cause, mechanism,
  countIf(time >= {a_from: DateTime64(3)} AND time < {a_to: DateTime64(3)}) AS in_a,
  countIf(time >= {b_from: DateTime64(3)} AND time < {b_to: DateTime64(3)}) AS in_b,
  round(3600 * in_a / greatest(1, dateDiff('second', {a_from: DateTime64(3)}, {a_to: DateTime64(3)})), 1) AS per_hour_in_a,
  round(3600 * in_b / greatest(1, dateDiff('second', {b_from: DateTime64(3)}, {b_to: DateTime64(3)})), 1) AS per_hour_in_b
FROM failures
WHERE ((time >= {a_from: DateTime64(3)} AND time < {a_to: DateTime64(3)})
  OR (time >= {b_from: DateTime64(3)} AND time < {b_to: DateTime64(3)})) AND {{where}}
GROUP BY cause, mechanism
ORDER BY abs(per_hour_in_b - per_hour_in_a) DESC, mechanism
LIMIT {limit: UInt32}
