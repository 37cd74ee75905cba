/** What help shows before the flags: each command as it is used. */

export const introduction = `why502: say why each HTTP 502 happened, from the logs you already have

  why502 analyze access.log error.log        causes, ranked, with evidence and remedy
  why502 analyze /var/log/nginx              all logs of a folder, rotated and packed ones too
  zcat access.log.*.gz | why502 analyze -    standard input
  why502 tail /var/log/nginx                 what begins to fail, as it happens
  why502 explain 'connect() failed (111…'    what a line of an error log means, and what to do
  why502 explain --page saved.html           which product made an error page, and why
  why502 explain ID /var/log/nginx           the story of one request, by its id, ray or trace
  why502 doctor /etc/nginx /var/log/nginx    what these logs can tell, and what to log
  why502 analyze --save /var/log/nginx       keep the results in a store
  why502 query top --since 24h               what fails most, of the results that were saved
  why502 dashboard                           the same in a browser
  why502 analyze --help                      options
`;

export const analyzeExamples = `Examples:
  why502 analyze access.log error.log
  why502 analyze '/var/log/nginx/*.log*' --nginx-conf /etc/nginx/nginx.conf
  ssh web-1 cat /var/log/nginx/access.log | why502 analyze -
  why502 analyze s3://my-logs/AWSLogs/123456789012/elasticloadbalancing/eu-central-1/2026/11/27/
  why502 analyze --format json access.log | jq 'select(.kind == "incident")'
`;

export const explainExamples = `Examples:
  why502 explain 'upstream prematurely closed connection while reading response header from upstream'
  tail -3 /var/log/nginx/error.log | why502 explain
  xclip -o | why502 explain                  whatever was copied, with prefixes and broken lines
  why502 explain keepalive_mismatch          what a mechanism is
  why502 explain 504
  curl -si https://shop.example/cart | why502 explain --page -
  why502 explain 84a1b2c3d4e5f607-FRA /var/log/nginx cloudflare.ndjson.gz alb/
`;

export const tailExamples = `Examples:
  why502 tail /var/log/nginx/access.log /var/log/nginx/error.log
  why502 tail '/var/log/nginx/*.log' --save
  kubectl logs -f deploy/ingress-nginx | why502 tail
  why502 tail s3://my-logs/AWSLogs/          what ALB or Logpush writes into a bucket
  why502 tail --from start access.log        from its beginning, not from where it is now
  why502 tail --listen 127.0.0.1:9502 /var/log/nginx    with metrics for Prometheus
  why502 tail --format json /var/log/nginx | jq 'select(.kind == "verdict" and .final)'
`;

export const queryExamples = `Examples:
  why502 query                               the questions that have a name
  why502 query top --since 24h               what fails most, and why
  why502 query timeline --where cause=upstream_overload --format csv
  why502 query incidents --since 7d
  why502 query incident 3f9c                 all that is known of one incident, by the beginning of its id
  why502 query peers --where host=shop.example --since 2026-11-23 --until 2026-11-24
  why502 query routes --where peer=10.0.0.7:8080
  why502 query hops                          which hop made the statuses
  why502 query unknown                       what should be logged to know more
  why502 query compare 48h/24h 24h/0s        the day before yesterday's failures and yesterday's
  why502 query rulesets                      what this version judges otherwise than the one before
  why502 query crawlers                      search engines that met failures
  why502 query --sql 'SELECT peer, count() FROM failures GROUP BY peer'
`;

export const doctorExamples = `Examples:
  why502 doctor /etc/nginx/nginx.conf
  why502 doctor /etc/nginx /var/log/nginx    with the failures of these logs, each field is weighed by them
  why502 doctor access.log error.log
  why502 doctor --counters /var/lib/why502   what the tail with this --state has counted
`;

export const dashboardExamples = `Examples:
  why502 analyze --save /var/log/nginx && why502 dashboard
  why502 dashboard --store https://why502@clickhouse.example:8443/why502
  ssh -L 5020:127.0.0.1:5020 web-1 why502 dashboard
`;
