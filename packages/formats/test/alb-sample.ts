/** The fields of a line of today, in order. */
export const fields = {
  type: 'https',
  time: '2026-10-06T09:20:30.021784Z',
  elb: 'app/iot-api/54bb61a258b9832d',
  client: '198.18.10.121:60909',
  target: '10.0.11.31:8080',
  before: '0.000',
  inTarget: '0.001',
  after: '-1',
  status: '502',
  targetStatus: '-',
  received: '853',
  sent: '292',
  request: '"POST https://iot.example.com:443/v1/orders?a=1 HTTP/1.1"',
  agent: '"ShopApp/5.3 (Android 14; Pixel 8)"',
  cipher: 'TLS_AES_128_GCM_SHA256',
  protocol: 'TLSv1.3',
  group: 'arn:aws:elasticloadbalancing:us-east-1:123441103820:targetgroup/tg-api/240329fb06090e2b',
  trace: '"Root=1-6ac4bd5e-d55e019bc5b6e618e6fc6302"',
  domain: '"iot.example.com"',
  certificate: '"session-reused"',
  priority: '1',
  created: '2026-10-06T09:20:30.020994Z',
  actions: '"forward"',
  redirect: '"-"',
  reason: '"-"',
  targets: '"10.0.11.31:8080"',
  statuses: '"-"',
  classification: '"-"',
  classificationReason: '"-"',
  connection: 'TID_11bc991f3ef31644ab135859aeff9a3a',
  transformedHost: '"-"',
  transformedUri: '"-"',
  transformStatus: '"-"',
  node: '10.0.0.31',
};

/** A line with some fields changed, of so many fields. */
export function line(changes: Partial<typeof fields> = {}, count = 33): string {
  return Object.values({ ...fields, ...changes })
    .slice(0, count)
    .join(' ');
}
