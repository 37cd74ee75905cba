import type { Disagreement, Expected } from './expected.ts';

const format = 'Cloudflare http_requests';

export const cloudflareTable: Readonly<Record<string, Expected>> = {
  'all_fields.txt': { format, requests: 1 },
  'multiple_log_payload.txt': { format, requests: 5 },
  'cloudflare_httpreq_bot_high_volume.tests.ndjson': { format, requests: 2 },
  'logfile_cloudflare.1': { format, requests: 15, failed: { 502: 1 } },
  'logfile_cloudflare.json': { format, requests: 1 },
};

export const cloudflareDisagreements: readonly Disagreement[] = [];
