import type { Product, Statement, Symptom } from '@why502/model';

interface Saying {
  /** Products that write it. */
  readonly of: readonly Product[];
  /** All of these in the visible text, in small letters. */
  readonly words: readonly string[];
  readonly symptom: Symptom;
}

const envoy: readonly Product[] = ['envoy', 'google'];
const varnish: readonly Product[] = ['varnish', 'fastly'];

/**
 * What pages say of the failure, the first that fits counting: so narrow words stand before wide ones. What leaves more
 * than one reading open, such as Envoy's "connection failure" without more, is not here.
 */
const sayings: readonly Saying[] = [
  // Envoy source/common/http/utility.cc (resetReasonToString) and source/common/network/…: errno behind the reason.
  { of: envoy, words: ['delayed connect error: 111'], symptom: 'connect_refused' },
  { of: envoy, words: ['delayed connect error: connection refused'], symptom: 'connect_refused' },
  { of: envoy, words: ['delayed connect error: 113'], symptom: 'connect_no_route' },
  { of: envoy, words: ['delayed connect error: no route to host'], symptom: 'connect_no_route' },
  { of: envoy, words: ['delayed connect error: 110'], symptom: 'connect_timed_out' },
  { of: envoy, words: ['certificate_verify_failed'], symptom: 'tls_certificate_unverified' },
  { of: envoy, words: ['wrong_version_number'], symptom: 'tls_peer_speaks_plain' },
  { of: envoy, words: ['certificate_required'], symptom: 'tls_client_certificate_refused' },
  { of: envoy, words: ['tls_error'], symptom: 'tls_refused' },
  { of: envoy, words: ['tls error'], symptom: 'tls_refused' },
  { of: envoy, words: ['reset reason: connection timeout'], symptom: 'connect_timed_out' },
  { of: envoy, words: ['reset reason: connection termination'], symptom: 'closed_before_header' },
  { of: envoy, words: ['reset reason: remote reset'], symptom: 'reset_before_header' },
  { of: envoy, words: ['reset reason: remote refused stream'], symptom: 'stream_refused' },
  { of: envoy, words: ['reset reason: overflow'], symptom: 'requests_queued' },
  { of: envoy, words: ['reset reason: protocol error'], symptom: 'header_malformed' },
  { of: envoy, words: ['no healthy upstream'], symptom: 'no_live_peer' },
  { of: envoy, words: ['upstream request timeout'], symptom: 'header_timed_out' },
  { of: envoy, words: ['stream timeout'], symptom: 'header_timed_out' },
  { of: envoy, words: ['upstream max stream duration'], symptom: 'header_timed_out' },
  { of: envoy, words: ['local rate limited'], symptom: 'requests_limited' },
  // HAProxy src/http.c (http_err_msgs).
  { of: ['haproxy'], words: ['invalid or incomplete response'], symptom: 'answer_unusable' },
  { of: ['haproxy'], words: ['no server is available'], symptom: 'no_live_peer' },
  { of: ['haproxy'], words: ["didn't respond in time"], symptom: 'header_timed_out' },
  // httpd modules/proxy: ap_proxyerror("…") stands behind "Reason:".
  { of: ['apache'], words: ['error during ssl handshake with remote server'], symptom: 'tls_refused' },
  { of: ['apache'], words: ['dns lookup failure for'], symptom: 'name_not_found' },
  { of: ['apache'], words: ['error reading from remote server'], symptom: 'closed_before_header' },
  { of: ['apache'], words: ['corrupt status line returned'], symptom: 'header_malformed' },
  { of: ['apache'], words: ['error reading response headers'], symptom: 'header_malformed' },
  { of: ['apache'], words: ['timely response'], symptom: 'header_timed_out' },
  { of: ['apache'], words: ['maintenance downtime or capacity'], symptom: 'no_live_peer' },
  // CloudFront developer guide, "HTTP 502 status code" and "HTTP 504 status code".
  { of: ['cloudfront'], words: ["wasn't able to resolve the origin domain name"], symptom: 'name_not_found' },
  { of: ['cloudfront'], words: ['could not resolve the origin'], symptom: 'name_not_found' },
  { of: ['cloudfront'], words: ['lambda function returned an invalid'], symptom: 'function_answer_invalid' },
  { of: ['cloudfront'], words: ['lambda function returned invalid'], symptom: 'function_answer_invalid' },
  { of: ['cloudfront'], words: ['lambda limit exceeded'], symptom: 'function_throttled' },
  { of: ['cloudfront'], words: ['lambda function', 'exceeded'], symptom: 'function_throttled' },
  { of: ['cloudfront'], words: ['lambda execution error'], symptom: 'function_failed' },
  {
    of: ['cloudfront'],
    words: ['the lambda function associated', 'invalid'],
    symptom: 'function_set_up_wrong',
  },
  // Fastly documentation, "Common 503 errors", and Varnish's reasons for a failed fetch.
  { of: varnish, words: ['backend.max_conn reached'], symptom: 'requests_queued' },
  { of: varnish, words: ['maximum threads for service reached'], symptom: 'requests_queued' },
  { of: varnish, words: ['first byte timeout'], symptom: 'header_timed_out' },
  { of: varnish, words: ['between bytes timeout'], symptom: 'body_timed_out' },
  { of: varnish, words: ['connection refused'], symptom: 'connect_refused' },
  { of: varnish, words: ['connection timed out'], symptom: 'connect_timed_out' },
  { of: varnish, words: ['backend read error'], symptom: 'closed_before_header' },
  { of: varnish, words: ['backend write error'], symptom: 'send_failed' },
  { of: varnish, words: ['backend is unhealthy'], symptom: 'no_live_peer' },
  { of: varnish, words: ['backend unavailable'], symptom: 'no_live_peer' },
  { of: varnish, words: ['quorum weight not reached'], symptom: 'no_live_peer' },
  { of: varnish, words: ['no stale object available'], symptom: 'no_live_peer' },
  { of: varnish, words: ['loop detected'], symptom: 'request_loop' },
  { of: varnish, words: ["hostname doesn't match against certificate"], symptom: 'tls_certificate_name' },
  { of: varnish, words: ['certificate has expired'], symptom: 'tls_certificate_unverified' },
  { of: varnish, words: ['local issuer certificate'], symptom: 'tls_certificate_unverified' },
  { of: varnish, words: ['ssl handshake error'], symptom: 'tls_refused' },
  // Akamai techdocs, "Error reference codes": the first number of the reference.
  { of: ['akamai'], words: ['reference #1.'], symptom: 'header_timed_out' },
  { of: ['akamai'], words: ['reference #3.'], symptom: 'answer_unusable' },
  { of: ['akamai'], words: ['reference #4.'], symptom: 'send_failed' },
  { of: ['akamai'], words: ['reference #6.'], symptom: 'connect_refused' },
  // Kong kong/runloop/balancer and kong/error_handlers.lua.
  { of: ['kong'], words: ['failure to get a peer from the ring-balancer'], symptom: 'no_live_peer' },
  { of: ['kong'], words: ['name resolution failed'], symptom: 'name_not_found' },
  { of: ['kong'], words: ['the upstream server is timing out'], symptom: 'header_timed_out' },
  { of: ['kong'], words: ['an invalid response was received'], symptom: 'answer_unusable' },
  // What Go's net and crypto/tls packages say, as cloudflared quotes them.
  { of: ['cloudflared'], words: ['connection refused'], symptom: 'connect_refused' },
  { of: ['cloudflared'], words: ['no such host'], symptom: 'name_not_found' },
  { of: ['cloudflared'], words: ['i/o timeout'], symptom: 'connect_timed_out' },
  { of: ['cloudflared'], words: ['no route to host'], symptom: 'connect_no_route' },
  {
    of: ['cloudflared'],
    words: ['first record does not look like a tls handshake'],
    symptom: 'tls_peer_speaks_plain',
  },
  { of: ['cloudflared'], words: ['malformed http response'], symptom: 'not_http' },
  { of: ['cloudflared'], words: ['x509: certificate is valid for'], symptom: 'tls_certificate_name' },
  {
    of: ['cloudflared'],
    words: ['x509: certificate is not valid for any names'],
    symptom: 'tls_certificate_name',
  },
  { of: ['cloudflared'], words: ['x509:'], symptom: 'tls_certificate_unverified' },
  // Google Cloud, "Troubleshoot Cloud Run".
  { of: ['google'], words: ['instance could not start'], symptom: 'function_failed' },
  // API Gateway developer guide: 502 says so of a function whose answer has not the form that is asked for.
  { of: ['api_gateway'], words: ['endpoint request timed out'], symptom: 'header_timed_out' },
  { of: ['azure_front_door'], words: ['origintimeout'], symptom: 'header_timed_out' },
  { of: ['azure_front_door'], words: ['originconnectionrefused'], symptom: 'connect_refused' },
  { of: ['azure_front_door'], words: ['dnsnameresolutionfailure'], symptom: 'name_not_found' },
  // https://vercel.com/docs/errors.
  { of: ['vercel'], words: ['function_invocation_timeout'], symptom: 'function_failed' },
  { of: ['vercel'], words: ['function_invocation_failed'], symptom: 'function_failed' },
  { of: ['vercel'], words: ['function_throttled'], symptom: 'function_throttled' },
  { of: ['vercel'], words: ['function_response_payload_too_large'], symptom: 'function_answer_invalid' },
  { of: ['vercel'], words: ['dns_hostname_not_found'], symptom: 'name_not_found' },
  { of: ['vercel'], words: ['infinite_loop_detected'], symptom: 'request_loop' },
  // Squid src/errorpage.cc; the field holds the errno behind the name.
  { of: ['squid'], words: ['err_connect_fail 111'], symptom: 'connect_refused' },
  { of: ['squid'], words: ['err_connect_fail 110'], symptom: 'connect_timed_out' },
  { of: ['squid'], words: ['err_connect_fail 113'], symptom: 'connect_no_route' },
  { of: ['squid'], words: ['(111) connection refused'], symptom: 'connect_refused' },
  { of: ['squid'], words: ['err_dns_fail'], symptom: 'name_not_found' },
  { of: ['squid'], words: ['err_read_timeout'], symptom: 'header_timed_out' },
  { of: ['squid'], words: ['err_zero_size_object'], symptom: 'closed_before_header' },
  // Node.js, lib/internal/errors.js.
  { of: ['node'], words: ['econnrefused'], symptom: 'connect_refused' },
  { of: ['node'], words: ['econnreset'], symptom: 'reset_before_header' },
  { of: ['node'], words: ['socket hang up'], symptom: 'closed_before_header' },
  { of: ['node'], words: ['etimedout'], symptom: 'connect_timed_out' },
  { of: ['node'], words: ['enotfound'], symptom: 'name_not_found' },
  // What an application says of itself.
  { of: ['application'], words: ['allowed memory size of'], symptom: 'application_memory' },
  { of: ['application'], words: ['fatal error'], symptom: 'application_fatal' },
];

/** What a page of that product says; the code is the words that say it. */
export function sayingOf(product: Product, text: string): Statement | undefined {
  const found = sayings.find(
    ({ of, words }) => of.includes(product) && words.every((one) => text.includes(one)),
  );
  return found === undefined ? undefined : { symptom: found.symptom, code: found.words.join(' … ') };
}
