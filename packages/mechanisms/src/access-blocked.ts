import { decibans, type Mechanism, proves, refutes, says, supports } from '@why502/model';
import { alb, albSteady } from './sample/alb.ts';
import { cloudflare, cloudflareSteady } from './sample/cloudflare.ts';
import { access, error, log, repeat, steady } from './sample/lines.ts';
import { connectTimedOut } from './sample/words.ts';
import { isNotLetIn, isRejected } from './signs/balancer.ts';
import { edgeSays, isCutOff, isOfThisPlace } from './signs/edge.ts';

/** A filter keeps the proxy away from a peer that is there. */
export const accessBlocked: Mechanism = {
  id: 'access_blocked',
  cause: 'misconfiguration',
  title: 'A filter keeps the proxy from the peer',
  summary:
    'The peer is there and answers others, but not this proxy. On the own host that is SELinux or another local rule, which the kernel reports as permission denied. On the way it is a firewall or security group that drops, so that connects time out, or rejects, so that there is no route at once.',
  status: 'stable',
  prior: decibans(-15),
  weigh: [
    refutes('addresses', 8, (e) => e.successors > 0, 'another address began to answer in place of this one'),
    refutes(
      'addresses',
      10,
      (e) => !e.everAnswered && e.others > 0,
      'the other addresses of the name answer from the same place',
    ),
    supports(
      'symptom',
      15,
      edgeSays('connect_refused', 'connect_timed_out', 'connect_no_route'),
      'firewalls of origins often reject or drop what comes from addresses of the edge',
    ),
    supports(
      'place_scope',
      16,
      isCutOff,
      'only some places of the edge, with addresses of their own, cannot reach the origin',
    ),
    supports(
      'place_scope',
      12,
      isOfThisPlace,
      'requests from this place of the edge fail, and from others they do not',
    ),
    proves('symptom', says('connect_forbidden'), 'the kernel of the proxy forbids the connection'),
    supports('symptom', 14, says('connect_timed_out'), 'connects are dropped without a word'),
    supports(
      'symptom',
      14,
      says('connect_no_route', 'connect_network_unreachable'),
      'a firewall that rejects is heard as no route',
    ),
    supports('symptom', 14, says('connect_reset'), 'the connection was reset before it came up'),
    supports('symptom', 10, says('connect_refused'), 'some firewalls reject as if nobody listened'),
    supports(
      'imprint',
      11,
      (e) => e.phase === 'connecting' && e.status === 504,
      'no connection came up until the timer ended the try',
    ),
    supports('timer', 5, (e) => e.after < 50, 'it failed at once, as a filter that rejects makes it'),
    supports('peer_record', 6, (e) => !e.everOk, 'this proxy never got an answer of the peer'),
    refutes('peer_record', 10, (e) => e.okNear > 0, 'the peer answers this proxy meanwhile'),
    supports('lone_line', 6, says('connect_timed_out'), 'nothing shows that the way was ever open'),
    supports('imprint', 10, isRejected, 'the connection failed at once, as when a filter rejects it'),
    supports(
      'imprint',
      15,
      isNotLetIn,
      'no connection came up, as when a security group does not let the load balancer in',
    ),
    supports(
      'registration',
      12,
      (e) => e.silentInNetwork > 0 && e.sameNetwork === 0 && e.otherNetworks > 0,
      'nobody of this network answers, and others do',
    ),
    supports(
      'registration',
      9,
      (e) => e.samePort > 0 && e.sameNetwork === 0,
      'others answer at this port, in other networks',
    ),
    refutes('health', 12, (e) => e.failed === 0, 'checks of its health come through'),
  ],
  needs: ['error_log', 'attempts', 'attempt_connect'],
  remedy: [
    {
      where: 'host',
      change: 'On SELinux allow nginx to connect',
      example: 'setsebool -P httpd_can_network_connect 1',
    },
    {
      where: 'network',
      change:
        "Allow the addresses of the proxy at the peer's port: in its firewall, its security group, and in the rules of the network between",
      example: 'nc -vz -w 3 PEER PORT  # from the proxy, and from another host',
    },
    {
      where: 'network',
      change:
        'For a load balancer let the security group of the targets allow its security group at the port of the targets and of the health check, and look at the network ACL of the subnet',
      example: 'aws ec2 describe-security-groups --group-ids TARGET_GROUP_ID',
    },
  ],
  success: 'A connect from the host of the proxy comes up',
  mistakenFor: [
    { id: 'process_down', tell: 'others cannot reach the peer either' },
    { id: 'connect_timeout', tell: 'others cannot reach the peer either, and this proxy did before' },
    { id: 'host_unreachable', tell: 'it takes seconds until there is no route' },
    { id: 'socket_permission', tell: 'the same words about the path of a socket' },
    { id: 'wrong_address', tell: 'nothing listens there for anyone' },
  ],
  references: [
    { title: 'SELinux: httpd_selinux(8)', url: 'https://linux.die.net/man/8/httpd_selinux' },
    { title: 'Linux connect(2): EACCES, EPERM', url: 'https://man7.org/linux/man-pages/man2/connect.2.html' },
    {
      title: 'Application Load Balancers: security groups',
      url: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html',
    },
  ],
  cases: () => [
    {
      name: 'SELinux forbids nginx to connect',
      access: access({ status: 502, took: 0, connect: '-' }),
      error: error({
        level: 'crit',
        message: 'connect() to 192.0.2.10:9000 failed (13: Permission denied)',
        action: 'connecting to upstream',
      }),
      expect: { is: 'access_blocked' },
    },
    {
      name: 'a socket that nginx may not use',
      access: access({ status: 502, took: 0, connect: '-', peer: 'unix:/run/app.sock' }),
      error: error({
        level: 'crit',
        message: 'connect() to unix:/run/app.sock failed (13: Permission denied)',
        action: 'connecting to upstream',
        peer: 'unix:/run/app.sock',
      }),
      expect: { is: 'socket_permission' },
    },
    {
      name: 'the only peer falls silent after it answered',
      access: log(
        steady({ from: 0, to: 9 }),
        access({ second: 75, path: '/a', status: 504, took: 60, connect: '-' }),
      ),
      error: error({ second: 75, path: '/a', ...connectTimedOut }),
      expect: { is: 'connect_timeout' },
    },
    {
      name: 'an address at which nobody ever answered is silent',
      access: access({ second: 75, status: 504, took: 60, connect: '-' }),
      error: error({ second: 75, ...connectTimedOut }),
      expect: { is: 'wrong_address' },
    },
    {
      name: 'the host of a peer that answered before is gone',
      access: log(
        steady({ from: 0, to: 9 }),
        access({ second: 20, path: '/a', status: 502, took: 3.05, connect: '-' }),
      ),
      error: error({
        second: 20,
        path: '/a',
        message: 'connect() failed (113: No route to host)',
        action: 'connecting to upstream',
      }),
      expect: { is: 'host_unreachable' },
    },
    {
      name: 'the targets of a new network are silent to a load balancer, and others at the same port answer',
      alb: log(
        albSteady({ from: 0, to: 120, targets: ['192.0.2.10:9000', '192.0.2.11:9000'], perSecond: 4 }),
        repeat(8, (i) =>
          alb({ second: 50 + 2 * i, path: '/a', status: 504, took: 10.003, target: '198.51.100.4:9000' }),
        ),
      ),
      expect: { is: 'access_blocked' },
    },
    {
      name: 'the target of a new network is rejected at once, and others at the same port answer',
      alb: log(
        albSteady({ from: 0, to: 120, targets: ['192.0.2.10:9000', '192.0.2.11:9000'], perSecond: 4 }),
        repeat(8, (i) =>
          alb({ second: 50 + 2 * i, path: '/a', status: 502, took: 0.001, target: '198.51.100.4:9000' }),
        ),
      ),
      expect: { is: 'access_blocked' },
    },
    {
      name: 'a target of a load balancer is silent at times, while it answers others',
      alb: log(
        albSteady({ from: 0, to: 120, perSecond: 6 }),
        repeat(8, (i) => alb({ second: 50 + 2 * i, path: '/a', status: 504, took: 10.003 })),
      ),
      expect: { isNot: 'access_blocked' },
    },
    {
      name: 'one place of the edge is refused by an origin that answers the others',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 59, perSecond: 3, colos: ['FRA', 'IAD', 'CDG'] }),
        repeat(20, (i) => cloudflare({ second: 30 + i, path: '/a', status: 521, colo: 'BOM' })),
      ),
      expect: { is: 'access_blocked' },
    },
    {
      name: 'all places of the edge are refused alike by an origin that answered before',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 29, perSecond: 3, colos: ['FRA', 'IAD', 'CDG'] }),
        repeat(30, (i) =>
          cloudflare({ second: 30 + i / 3, path: '/a', status: 521, colo: ['FRA', 'IAD', 'CDG'][i % 3]! }),
        ),
        cloudflareSteady({ from: 40, to: 60, perSecond: 3, colos: ['FRA', 'IAD', 'CDG'] }),
      ),
      expect: { isNot: 'access_blocked' },
    },
  ],
};
