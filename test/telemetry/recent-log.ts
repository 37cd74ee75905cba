/** Lines of an access log of the ten minutes up to now, in the middle of which a peer refuses for a minute: 60 failures. */
export function recentLog(): string {
  const from = Date.now() - 600_000;
  return Array.from({ length: 1_200 }, (_, at) => {
    const refused = at >= 400 && at < 520 && at % 2 === 0;
    const time = new Date(from + at * 500).toISOString().slice(0, 19);
    const took = refused ? '-' : '0.004';
    return `{"time":"${time}+00:00","status":${refused ? 502 : 200},"request":"GET /a HTTP/1.1","host":"shop.example","upstream_addr":"10.0.0.${refused ? 1 : 2}:80","upstream_status":"${refused ? 502 : 200}","upstream_connect_time":"${took}","upstream_header_time":"${took}","upstream_response_time":"0.005","request_time":0.005}\n`;
  }).join('');
}
