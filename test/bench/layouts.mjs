// Requests of traffic.mjs as lines of the logs that are measured. Field lists: nginx `combined`; AWS, "Access logs for your
// Application Load Balancer", 30 fields; Cloudflare, Logpush `http_requests`, 45 of its fields in the order of a job.

const zoneId = 9_502_502;
const balancer = 'app/shop/50dc6c495c0c9188';
const account = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012';
const certificate = 'arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012';
const colos = ['FRA', 'AMS', 'CDG', 'WAW', 'LHR', 'VIE'];
const countries = ['de', 'nl', 'fr', 'pl', 'gb', 'at'];

/** @type {Record<string, (request: any) => string>} */
export const layouts = { nginx, combined, alb, cloudflare };

function nginx({ size, ...request }) {
  const { took, connect, header, upstream, status, host, id } = request;
  return `${combinedPart(request, size)} rt=${took} uct="${connect}" uht="${header}" urt="${took}" ua="${upstream}" us="${status}" host="${host}" rid=${id}\n`;
}

function combined({ size, ...request }) {
  return `${combinedPart(request, size)}\n`;
}

function combinedPart({ client, accessTime, method, target, status, referrer, agent }, size) {
  return `${client} - - [${accessTime}] "${method} ${target} HTTP/1.1" ${status} ${size} "${referrer}" "${agent}"`;
}

/** A balancer gives 502 or 504 for a target that gave no answer, and then logs -1 and no target status. */
function alb({
  client,
  now,
  line,
  method,
  target,
  status,
  size,
  agent,
  took,
  connect,
  header,
  upstream,
  host,
  service,
  id,
}) {
  const isOwn = header === '-';
  const ended = new Date(now).toISOString();
  const end = `${ended.slice(0, -1)}${String(line % 1_000).padStart(3, '0')}Z`;
  const created = new Date(now - Math.round(1_000 * took)).toISOString();
  const times = isOwn ? `${connect === '-' ? '-1' : '0.000'} -1 -1` : `0.00${line % 3} ${took} 0.000`;
  const trace = `Root=1-${id.slice(0, 8)}-${id.slice(8)}`;
  return `h2 ${end} ${balancer} ${client}:${30_000 + (line % 30_000)} ${upstream} ${times} ${status} ${isOwn ? '-' : status} ${200 + (line % 900)} ${size} "${method} https://${host}:443${target} HTTP/2.0" "${agent}" TLS_AES_128_GCM_SHA256 TLSv1.3 ${account}:targetgroup/${service}/73e2d6bc24d8a067 "${trace}" "${host}" "${certificate}" ${line % 40} ${created.slice(0, -1)}000Z "forward" "-" "-" "${upstream}" "${isOwn ? '-' : status}" "-" "-" TID_${id}\n`;
}

/** The edge gives 502 by itself only for a few; what the origin's proxy made comes through with its status. */
function cloudflare({
  client,
  now,
  line,
  method,
  target,
  status,
  size,
  referrer,
  agent,
  took,
  upstream,
  host,
  id,
}) {
  const at = colos[line % colos.length];
  const ms = Math.round(1_000 * took);
  const [path] = target.split('?');
  return `${JSON.stringify({
    BotScore: 90 - (line % 60),
    BotScoreSrc: 'Machine Learning',
    CacheCacheStatus: 'dynamic',
    CacheResponseBytes: size + 812,
    CacheResponseStatus: Number(status),
    CacheTieredFill: false,
    ClientASN: 64_496 + (line % 8),
    ClientCountry: countries[line % countries.length],
    ClientDeviceType: 'desktop',
    ClientIP: client,
    ClientIPClass: 'noRecord',
    ClientRequestBytes: 2_400 + (line % 900),
    ClientRequestHost: host,
    ClientRequestMethod: method,
    ClientRequestPath: path,
    ClientRequestProtocol: 'HTTP/2',
    ClientRequestReferer: referrer === '-' ? '' : referrer,
    ClientRequestScheme: 'https',
    ClientRequestSource: 'eyeball',
    ClientRequestURI: target,
    ClientRequestUserAgent: agent,
    ClientSSLCipher: 'AEAD-AES128-GCM-SHA256',
    ClientSSLProtocol: 'TLSv1.3',
    ClientSrcPort: 30_000 + (line % 30_000),
    ClientTCPRTTMs: 8 + (line % 40),
    EdgeColoCode: at,
    EdgeColoID: 100 + (line % colos.length),
    EdgeEndTimestamp: new Date(now).toISOString(),
    EdgeResponseBytes: size + 640,
    EdgeResponseContentType: 'text/html',
    EdgeResponseStatus: Number(status),
    EdgeServerIP: '198.51.100.77',
    EdgeStartTimestamp: new Date(now - ms - 9).toISOString(),
    EdgeTimeToFirstByteMs: ms + 5,
    OriginDNSResponseTimeMs: 0,
    OriginIP: upstream.split(':')[0],
    OriginResponseDurationMs: ms,
    OriginResponseHeaderReceiveDurationMs: ms,
    OriginResponseStatus: Number(status),
    OriginSSLProtocol: 'TLSv1.3',
    OriginTCPHandshakeDurationMs: line % 3,
    OriginTLSHandshakeDurationMs: line % 5,
    ParentRayID: '00',
    RayID: id.slice(0, 16),
    ZoneName: host.split('.').slice(-2).join('.'),
    ZoneID: zoneId,
  })}\n`;
}
