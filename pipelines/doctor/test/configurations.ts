/** What Debian and Ubuntu install. */
export const debian = `error_log /var/log/nginx/error.log;
events { worker_connections 768; }
http {
  access_log /var/log/nginx/access.log;
  include /etc/nginx/sites-enabled/*;
}`;

/** With all that is advised. */
export const best = `error_log /var/log/nginx/error.log warn;
http {
  log_format why502 '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" '
    '"$http_user_agent" rt=$request_time uct="$upstream_connect_time" uht="$upstream_header_time" '
    'urt="$upstream_response_time" ua="$upstream_addr" us="$upstream_status" ubr="$upstream_bytes_received" '
    'host="$host" pn="$proxy_host" rid=$request_id conn=$connection ts=$msec';
  access_log /var/log/nginx/access.log why502;
}`;
