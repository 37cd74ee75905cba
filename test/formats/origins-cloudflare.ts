import { readFileSync } from 'node:fs';
import { present, type Values } from './values.ts';

/** A log record of OpenTelemetry in YAML: the fields of the line as its body, and its time. */
export function fromReceiver(path: string): ReadonlyMap<number, Values> {
  const text = readFileSync(path.replace('.txt', '.expected.yaml'), 'utf8');
  const theirs: Record<string, string> = {};
  const pattern = /- key: (\w+)\n\s+value:\n\s+\w+Value: "?(.*?)"?$/gm;
  for (const [, key = '', value = ''] of text.matchAll(pattern)) theirs[key] = value;
  const nanoseconds = /timeUnixNano: "(\d+)"/.exec(text)?.[1];
  return new Map([
    [
      1,
      present({
        status: theirs.EdgeResponseStatus,
        client: theirs.ClientIP,
        method: theirs.ClientRequestMethod,
        host: theirs.ClientRequestHost,
        target: theirs.ClientRequestURI,
        userAgent: theirs.ClientRequestUserAgent,
        bytes: theirs.EdgeResponseBytes,
        peer: theirs.OriginIP,
        peerStatus: theirs.OriginResponseStatus,
        peerTime: theirs.OriginResponseDurationMs,
        time: nanoseconds === undefined ? undefined : Number(BigInt(nanoseconds) / 1_000_000n),
      }),
    ],
  ]);
}
