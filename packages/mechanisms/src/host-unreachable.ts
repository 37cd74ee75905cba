import { decibans, type Mechanism, refutes, says, supports } from '@why502/model';
import { alb, albSteady } from './sample/alb.ts';
import { cloudflare, cloudflareSteady } from './sample/cloudflare.ts';
import { access, error, log, repeat, steady } from './sample/lines.ts';
import { connectTimedOut } from './sample/words.ts';
import { edgeSays } from './signs/edge.ts';

/** There is no way to the host of the peer, and the network says so. */
export const hostUnreachable: Mechanism = {
  id: 'host_unreachable',
  cause: 'network',
  title: 'There is no route to the host of the peer',
  summary:
    'The kernel of the proxy, or a router on the way, says that the peer cannot be reached. In the same network segment it takes one to three seconds to find that nobody answers to the address: the host is off, or its address has moved. An answer at once is a missing route, or a firewall that rejects.',
  status: 'stable',
  prior: decibans(-12),
  weigh: [
    refutes('addresses', 8, (e) => e.successors > 0, 'another address began to answer in place of this one'),
    supports(
      'symptom',
      26,
      edgeSays('connect_no_route'),
      'a router on the way to the origin said that there is no route',
    ),
    supports('symptom', 24, says('connect_no_route'), 'the kernel said that there is no route to the host'),
    supports(
      'symptom',
      24,
      says('connect_network_unreachable'),
      'the kernel said that the network is unreachable',
    ),
    supports(
      'imprint',
      20,
      (e) => e.phase === 'connecting' && e.status === 502 && (e.after ?? 0) >= 500 && e.after! < 5_000,
      'the connection failed after seconds and not by a timer, as when nobody answers to the address',
    ),
    supports(
      'imprint',
      5,
      (e) => e.phase === 'connecting' && e.status === 502 && (e.after ?? 0) < 100,
      'the connection failed at once',
    ),
    supports(
      'timer',
      4,
      (e) => e.after >= 500 && e.after < 5_000,
      'it took seconds to find that nobody answers to the address',
    ),
    refutes('timer', 5, (e) => e.after < 50, 'it failed at once: nobody waited for an answer to the address'),
    refutes(
      'peer_record',
      6,
      (e) => !e.everOk,
      'a peer that never answered is more likely a wrong address or blocked',
    ),
    refutes('endpoint', 20, (e) => e.address === 'socket', 'a socket is on the own host, at a path'),
  ],
  needs: ['error_log', 'attempts', 'attempt_connect', 'attempt_response'],
  remedy: [
    {
      where: 'network',
      change: 'See whether the host runs and still has this address, and whether there is a route to it',
      example: 'ip route get PEER; ip neigh show PEER; ping -c 3 PEER',
    },
    {
      where: 'nginx',
      change: 'For an IPv6 peer that the proxy cannot reach add a route, or do not ask for IPv6',
      example: 'resolver 127.0.0.53 ipv6=off;',
    },
  ],
  success: 'ip neigh shows the peer as REACHABLE, and connects come up',
  mistakenFor: [
    { id: 'access_blocked', tell: 'the rejection comes at once, from a firewall' },
    { id: 'wrong_address', tell: 'the peer never answered in all the log' },
    { id: 'stale_address', tell: 'the name of the peer has another address by now' },
    { id: 'connect_timeout', tell: 'nobody says anything until the timer ends it' },
  ],
  references: [
    { title: 'Linux connect(2)', url: 'https://man7.org/linux/man-pages/man2/connect.2.html' },
    { title: 'Linux arp(7)', url: 'https://man7.org/linux/man-pages/man7/arp.7.html' },
  ],
  cases: () => [
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
      name: 'the same without an error log',
      access: log(
        steady({ from: 0, to: 9 }),
        access({ second: 20, path: '/a', status: 502, took: 3.05, connect: '-' }),
      ),
      expect: { is: 'host_unreachable' },
    },
    {
      name: 'an address that never answered has no route',
      access: access({ status: 502, took: 3.05, connect: '-' }),
      error: error({ message: 'connect() failed (113: No route to host)', action: 'connecting to upstream' }),
      expect: { is: 'wrong_address' },
    },
    {
      name: 'a firewall rejects at once what was never let through',
      access: log(
        steady({ from: 0, to: 40 }),
        repeat(3, (i) =>
          access({ second: 12 + 9 * i, status: 502, took: 0, connect: '-', peer: '192.0.2.40:9000' }),
        ),
      ),
      error: repeat(3, (i) =>
        error({
          second: 12 + 9 * i,
          connection: 30 + i,
          message: 'connect() failed (113: No route to host)',
          action: 'connecting to upstream',
          peer: '192.0.2.40:9000',
        }),
      ),
      expect: { isNot: 'host_unreachable' },
    },
    {
      name: 'a peer that answered before is silent, and nobody says why',
      access: log(
        steady({ from: 0, to: 9 }),
        access({ second: 75, path: '/a', status: 504, took: 60, connect: '-' }),
      ),
      error: error({ second: 75, path: '/a', ...connectTimedOut }),
      expect: { is: 'connect_timeout' },
    },
    {
      name: 'a target of a load balancer is gone from its network, which takes seconds to be found',
      alb: log(
        albSteady({ from: 0, to: 59, targets: ['192.0.2.10:9000', '192.0.2.11:9000'], perSecond: 4 }),
        repeat(5, (i) => alb({ second: 65 + 2 * i, path: '/a', status: 502, took: 3.06 })),
        albSteady({ from: 60, to: 180, targets: ['192.0.2.11:9000'], perSecond: 4 }),
      ),
      expect: { is: 'host_unreachable' },
    },
    {
      name: 'a target of a load balancer refuses at once',
      alb: log(
        albSteady({ from: 0, to: 59, targets: ['192.0.2.10:9000', '192.0.2.11:9000'], perSecond: 4 }),
        repeat(5, (i) => alb({ second: 61 + i, path: '/a', status: 502, took: 0.001 })),
        albSteady({ from: 60, to: 66, targets: ['192.0.2.11:9000'], perSecond: 4 }),
        albSteady({ from: 67, to: 180, targets: ['192.0.2.10:9000', '192.0.2.11:9000'], perSecond: 4 }),
      ),
      expect: { isNot: 'host_unreachable' },
    },
    {
      name: 'the edge finds no route to an origin that answered before',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 29 }),
        repeat(10, (i) => cloudflare({ second: 30 + i, path: '/a', status: 523, took: 3 })),
        cloudflareSteady({ from: 50, to: 70 }),
      ),
      expect: { is: 'host_unreachable' },
    },
    {
      name: 'the edge finds no route to the old address of a name that moved',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 99, colos: ['FRA', 'IAD', 'CDG', 'BOM'], perSecond: 4 }),
        cloudflareSteady({
          from: 95,
          to: 200,
          origins: ['192.0.2.77'],
          colos: ['FRA', 'IAD', 'CDG'],
          perSecond: 3,
        }),
        repeat(30, (i) => cloudflare({ second: 100 + i, path: '/a', status: 523, colo: 'BOM', took: 3 })),
      ),
      expect: { isNot: 'host_unreachable' },
    },
  ],
};
