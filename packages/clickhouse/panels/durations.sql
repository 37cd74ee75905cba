-- How long requests took that failed, and those that did not; counts per bound of the histogram
SELECT if(status >= 500, 'failing', 'healthy') AS kind, sumForEach(duration_counts) AS counts
FROM {{traffic}}
WHERE status >= 100
GROUP BY kind
ORDER BY kind
