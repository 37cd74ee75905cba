// The part of docs/performance.md that `npm run bench` writes.
import { titles } from './cases.mjs';

export function page({ day, machine, node, load, pairs, results }) {
  const by = new Map(results.map((result) => [result.name, result]));
  return `\`npm run bench\` on ${day}: ${machine}, Node ${node.slice(1)}, load ${load} at the end, medians of ${pairs} pairs; programs that take
longer than ten seconds ran once. \`why502 analyze --format json --jobs 1\` does its whole job: it reads every line, joins the error log,
judges each failure, and writes it with its evidence.

| logs | MB | MB/s of CPU | CPU s | wall s | peak MiB |
| --- | --- | --- | --- | --- | --- |
${results.map(own).join('\n')}

What others take for a part of it, on the same files. The ratio is ours over theirs, pair by pair: above 1 they are faster.

| logs | program | does | CPU s | peak MiB | CPU, ours ÷ theirs | wall, ours ÷ theirs |
| --- | --- | --- | --- | --- | --- | --- |
${results.flatMap(({ name, peers }) => peers.map((peer) => compared(name, peer))).join('\n')}

| goal | at most | measured | |
| --- | --- | --- | --- |
${goals(by).map(goalRow).join('\n')}
`;
}

function own({ name, megabytes, cpuSeconds, wallSeconds, peakMib }) {
  const rate = (megabytes / cpuSeconds).toFixed(0);
  return `| ${titles[name]} | ${megabytes.toFixed(0)} | ${rate} | ${cpuSeconds.toFixed(2)} | ${wallSeconds.toFixed(2)} | ${peakMib} |`;
}

function compared(name, { name: peer, version, does, cpuSeconds, peakMib, cpu, wall }) {
  const program = version === '' ? peer : `${peer} (${version})`;
  return `| ${titles[name]} | ${program} | ${does.replaceAll('|', '\\|')} | ${cpuSeconds.toFixed(2)} | ${peakMib} | ${ratio(cpu)} | ${ratio(wall)} |`;
}

function goals(by) {
  const { nginx, alb, cloudflare, gzip, long, outage } = Object.fromEntries(by);
  const cpu = (result, start) => result.peers.find(({ name }) => name.startsWith(start))?.cpu;
  const zcat = gzip.peers.find(({ name }) => name === 'zcat');
  const perLine = ({ userSeconds, lines }) => userSeconds / lines;
  return [
    ['nginx: CPU ÷ mawk', 0.6, cpu(nginx, 'mawk')],
    ['nginx: CPU ÷ ClickHouse', 1, cpu(nginx, 'ClickHouse')],
    ['nginx: CPU ÷ readline and a regular expression', 1 / 2.5, cpu(nginx, 'node readline')],
    ['nginx: CPU ÷ mtail', 1 / 17, cpu(nginx, 'mtail')],
    ['nginx: CPU ÷ GoAccess, one panel', 1 / 12, cpu(nginx, 'GoAccess, only')],
    ['nginx: CPU ÷ GoAccess, all panels', 1 / 40, cpu(nginx, 'GoAccess, all')],
    ['ALB: CPU ÷ mawk', 0.65, cpu(alb, 'mawk')],
    ['Cloudflare: CPU ÷ readline and JSON.parse', 0.19, cpu(cloudflare, 'node readline')],
    ['gzip: CPU ÷ zcat', 0.8, zcat?.cpu],
    ['gzip: wall ÷ zcat', 0.6, zcat?.wall],
    ['gzip: CPU ÷ unpacking alone', 2, cpu(gzip, 'node, zlib')],
    ['gzip: CPU ÷ ClickHouse', 1.4, cpu(gzip, 'ClickHouse')],
    ['peak MiB, one job', 150, nginx.peakMib],
    ['peak MiB, two jobs', 260, nginx.jobs?.peakMib],
    ['peak MiB at 3 GB − at 0.7 GB', 10, long.peakMib - nginx.peakMib],
    ['user CPU per line, 8 M ÷ 2 M lines', 1.1, perLine(long) / perLine(nginx)],
    ['peak MiB, 86 % fail', 150, outage.peakMib],
    ['CPU per line, 86 % ÷ 0.5 % fail', 5, (4 * outage.cpuSeconds) / nginx.cpuSeconds],
    ['two jobs ÷ one: wall', 0.7, nginx.jobs?.wall],
    ['two jobs ÷ one: CPU', 1.2, nginx.jobs?.cpu],
    ['seconds of CPU per GB, nginx', 1 / 0.4, (1_000 * nginx.cpuSeconds) / nginx.megabytes],
  ];
}

function goalRow([what, most, measured]) {
  const verdict = measured === undefined ? 'not measured' : measured <= most ? 'held' : 'missed';
  return `| ${what} | ${ratio(most)} | ${measured === undefined ? '' : ratio(measured)} | ${verdict} |`;
}

function ratio(value) {
  return value >= 20 ? value.toFixed(0) : value.toFixed(2);
}
