import { decibans, type Mechanism, proves, refutes, says, supports } from '@why502/model';
import { alb, albSteady } from './sample/alb.ts';
import { access, error, log, repeat, steady } from './sample/lines.ts';
import { refused, reset } from './sample/words.ts';
import { edgeSays } from './signs/edge.ts';

/** The process of the upstream was killed, or gave up, for want of memory. */
export const outOfMemory: Mechanism = {
  id: 'out_of_memory',
  cause: 'upstream_overload',
  title: 'The upstream ran out of memory',
  summary:
    'A request, or the sum of them, needed more memory than the process, its container or the host may use. PHP ends the one request and says so; the kernel kills the process, and with it all requests that were in flight. After a restart it begins to grow again. A killed process leaves no line of its own: exit code 137 and the log of the kernel tell.',
  status: 'stable',
  prior: decibans(-14),
  weigh: [
    supports(
      'symptom',
      8,
      edgeSays('answer_unusable'),
      'the origin broke off, as when its process is killed',
    ),
    proves('symptom', says('application_memory'), 'the application wrote that its memory is used up'),
    supports(
      'symptom',
      9,
      says('reset_before_header', 'closed_before_header', 'body_closed', 'body_reset'),
      'the connection broke while the peer worked, as when its process is killed',
    ),
    supports(
      'imprint',
      6,
      (e) => e.phase === 'waiting' && e.status === 502,
      'the peer was asked and broke off',
    ),
    supports(
      'burst',
      8,
      (e) => e.count >= 2 && e.refusedNear,
      'several requests broke within a second, and the peer refused connections after',
    ),
    refutes('burst', 4, (e) => !e.refusedNear, 'the peer went on to take connections'),
    refutes('peer_record', 15, (e) => !e.everOk, 'the peer never answered in all the log'),
    refutes(
      'timer',
      6,
      (e) => e.after <= 2,
      'it broke within 2 ms of the request, too soon for it to have used memory',
    ),
    supports(
      'witness',
      24,
      (e) => e.saw === 'process_killed_for_memory',
      'the kernel or the container runtime says that a process was killed for memory',
    ),
  ],
  needs: ['error_log', 'attempts', 'attempt_connect'],
  remedy: [
    {
      where: 'upstream',
      change: 'See whether it was killed: exit code 137, the restart reason of the container, the kernel log',
      example: 'dmesg -T | grep -i "killed process"',
    },
    {
      where: 'application',
      change: 'Find the request that grows, and read or write in pieces what is large',
    },
    { where: 'upstream', change: 'Set limits above what is really used, or run fewer workers' },
  ],
  success: 'Memory of the process stays on a level, and it is not restarted',
  mistakenFor: [
    { id: 'crash_mid_response', tell: 'the same lines; only the exit code or the kernel log tells' },
    { id: 'deploy_drain', tell: 'it was stopped on purpose, and another address takes over' },
  ],
  references: [
    {
      title: 'Linux: the OOM killer',
      url: 'https://docs.kernel.org/admin-guide/mm/concepts.html#oom-killer',
    },
    { title: 'PHP: memory_limit', url: 'https://www.php.net/manual/en/ini.core.php#ini.memory-limit' },
  ],
  cases: () => [
    {
      name: 'PHP says that its memory is used up',
      access: access({ path: '/export', status: 500, took: 2.1, header: 2.1 }),
      error: error({
        path: '/export',
        scheme: 'fastcgi',
        message:
          'FastCGI sent in stderr: "PHP message: PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted (tried to allocate 65536 bytes)"',
        action: 'reading response header from upstream',
      }),
      expect: { is: 'out_of_memory' },
    },
    {
      name: 'requests break at once and the peer refuses, with nobody to say why',
      access: log(
        steady({ from: 0, to: 14 }),
        repeat(3, (i) => access({ second: 15, path: `/${'abc'[i]}`, status: 502, took: 0.4 + i / 10 })),
        access({ second: 16, path: '/a', status: 502, connect: '-' }),
        steady({ from: 24, to: 60 }),
      ),
      error: log(
        repeat(3, (i) => error({ second: 15, connection: 30 + i, path: `/${'abc'[i]}`, ...reset })),
        error({ second: 16, connection: 40, path: '/a', ...refused }),
      ),
      expect: { isNot: 'out_of_memory' },
    },
    {
      name: 'all that a target of a load balancer has in hand breaks, and nobody says why',
      alb: log(
        albSteady({ from: 0, to: 40, routes: ['/a', '/b', '/c'], perSecond: 4 }),
        repeat(4, (i) =>
          alb({
            second: 41 + i / 100,
            path: `/${'abcd'[i]}`,
            status: 502,
            took: 0.2 + i,
            times: [0.001, 0.199 + i, -1],
          }),
        ),
        albSteady({ from: 55, to: 90, routes: ['/a', '/b', '/c'], perSecond: 4 }),
      ),
      expect: { isNot: 'out_of_memory' },
    },
  ],
};
