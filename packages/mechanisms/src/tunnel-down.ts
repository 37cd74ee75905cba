import { decibans, type Mechanism, proves, refutes, says, supports } from '@why502/model';
import { cloudflare, cloudflareSteady } from './sample/cloudflare.ts';
import { log, repeat } from './sample/lines.ts';
import { edgeSays, namesNobody } from './signs/edge.ts';

/** The edge reaches its origin by a tunnel, and no connector holds it open. */
export const tunnelDown: Mechanism = {
  id: 'tunnel_down',
  cause: 'network',
  title: 'The tunnel to the origin has no connection',
  summary:
    'The origin has no address of its own: a connector beside it, cloudflared, dials out to the edge and holds a tunnel open. No connector is connected, so the edge has nobody to hand the request to and answers 530 with error 1033. The connector was stopped, its host lost its network, or its token is no longer valid. The service behind it may be well.',
  status: 'stable',
  prior: decibans(-14),
  weigh: [
    proves('symptom', says('tunnel_down'), 'the edge says that no connector of the tunnel is connected'),
    supports(
      'symptom',
      16,
      edgeSays('origin_unfound'),
      '530 without a code: no connector of the tunnel, or no such name',
    ),
    supports('naming', 12, namesNobody, 'answers of this route name no address, as by way of a tunnel'),
    refutes(
      'naming',
      20,
      (e) => e.named >= 3,
      'answers of this route name an address, so no tunnel leads there',
    ),
    supports(
      'lookup',
      5,
      (e) => e.count >= 8 && e.timed === 0,
      'none of the failures took time to look a name up, as a tunnel has no name',
    ),
    refutes('lookup', 25, (e) => e.timed > 0, 'a name was looked up, and a tunnel has none'),
  ],
  needs: ['code', 'attempts'],
  remedy: [
    {
      where: 'tunnel',
      change: 'Start cloudflared again, and read its own log from just before the first failure',
      example: 'systemctl status cloudflared; cloudflared tunnel info NAME',
    },
    { where: 'tunnel', change: 'Run two replicas of the connector, on two hosts, so that one may stop' },
    {
      where: 'Cloudflare',
      change:
        'Log the code of error pages, which tells a tunnel from a name: the response header cf-error-type as a custom field',
    },
  ],
  success: 'cloudflared logs that its connections are registered, and no 530 comes any more',
  mistakenFor: [
    { id: 'name_not_found', tell: 'looking the name up took time, and other answers name an address' },
    { id: 'process_down', tell: 'the edge answers 502: the tunnel is up, and the service behind it is not' },
  ],
  references: [
    {
      title: 'Cloudflare: error 1033',
      url: 'https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-1xxx-errors/error-1033/',
    },
    {
      title: 'Cloudflare: tunnel availability and failover',
      url: 'https://developers.cloudflare.com/cloudflare-one/connections/connect-networks/configure-tunnels/tunnel-availability/',
    },
  ],
  cases: () => [
    {
      name: 'the edge says 1033',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 9, origins: [''] }),
        cloudflare({ second: 15, status: 530, origin: '', errorType: '1033' }),
      ),
      expect: { is: 'tunnel_down' },
    },
    {
      name: '530 without a code, where answers never name an address',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 29, origins: [''] }),
        repeat(12, (i) => cloudflare({ second: 30 + i, path: '/a', status: 530, origin: '' })),
        cloudflareSteady({ from: 42, to: 60, origins: [''] }),
      ),
      expect: { is: 'tunnel_down' },
    },
    {
      name: '530 without a code, where answers name their address',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 29 }),
        repeat(12, (i) =>
          cloudflare({ second: 30 + i, path: '/a', status: 530, origin: '', lookup: i % 3 === 0 ? 12 : 0 }),
        ),
        cloudflareSteady({ from: 42, to: 60 }),
      ),
      expect: { is: 'name_not_found' },
    },
    {
      name: 'the edge says 1016',
      cloudflare: cloudflare({ status: 530, origin: '', errorType: '1016' }),
      expect: { isNot: 'tunnel_down' },
    },
  ],
};
