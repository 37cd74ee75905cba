import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { recognise, textFormat, createNames, logFormatsOf } from '@why502/formats';
const md = readFileSync('/work/main/docs/logging/nginx.md','utf8');
const blocks = [...md.matchAll(/```nginx\n([\s\S]*?)```/g)].map((m) => m[1]!);
const text = `203.0.113.7 - - [10/Nov/2026:10:00:20 +0000] "GET /b HTTP/1.1" 502 157 "-" "Mozilla/5.0 (X11)" rt=0.001 uct="0.000, -" uht="-, -" urt="0.000, 0.001" ua="192.0.2.10:9000, 192.0.2.11:9000" us="502, 502" ubr="0, 0" host="a.test" pn="app" rid=0123456789abcdef0123456789abcdef conn=12 ts=1794304820.123\n203.0.113.7 - - [10/Nov/2026:10:00:20 +0000] "GET /b HTTP/1.1" 200 157 "-" "Mozilla/5.0 (X11)" rt=0.001 uct="0.000" uht="0.001" urt="0.000" ua="192.0.2.10:9000" us="200" ubr="100" host="a.test" pn="app" rid=0123456789abcdef0123456789abcdee conn=12 ts=1794304820.124\n`;
const json = `{"time":"2026-11-10T11:00:20+01:00","msec":"1794304820.123","remote_addr":"203.0.113.7","request":"GET /b HTTP/1.1","status":"502","body_bytes_sent":"157","user_agent":"Moz","host":"a.test","request_time":"0.001","proxy_host":"app","upstream_addr":"192.0.2.10:9000, 192.0.2.11:9000","upstream_status":"502, 502","upstream_connect_time":"0.000, -","upstream_header_time":"-, -","upstream_response_time":"0.000, 0.001","upstream_bytes_received":"0, 0","request_id":"0123456789abcdef0123456789abcdef","connection":"12"}\n`;
for (const [i, sample] of [text, json].entries()) it(`fmt ${i}`, () => {
  const r = recognise(Buffer.from(sample));
  const d = r!.format.decoder('x', createNames());
  const b = Buffer.from(sample);
  const rec = d.read(b, 0, b.indexOf(10), 1) as any;
  const t = textFormat(blocks[i]!.match(/log_format[\s\S]*?;/)![0]).decoder('x', createNames()).read(b, 0, b.indexOf(10), 1);
  console.log(r!.format.name, r!.sureness, JSON.stringify({...rec, logged: [...rec.logged]}));
  expect(t).toEqual(rec);
});
