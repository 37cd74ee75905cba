import { decibans, type Mechanism, proves, refutes, says, supports } from '@why502/model';
import { alb, albSteady } from './sample/alb.ts';
import { cloudflare } from './sample/cloudflare.ts';
import { conf } from './sample/conf.ts';
import { access, error, log, repeat, steady } from './sample/lines.ts';
import { noLivePeer } from './sample/words.ts';
import { edgeSays } from './signs/edge.ts';

/** The group of peers is empty, or all of it is switched off. */
export const noTargets: Mechanism = {
  id: 'no_targets',
  cause: 'misconfiguration',
  title: 'There is no peer to send requests to',
  summary:
    'Nothing failed, for nothing is there: the group is empty, all its servers are marked down, or a selector matches no instance. nginx answers 502 with "no live upstreams"; ingress controllers answer 503. No request of the service is answered until a peer is added.',
  status: 'trial',
  prior: decibans(-12),
  weigh: [
    supports('symptom', 5, edgeSays('origin_unfound'), 'a pool without a healthy origin is answered so, too'),
    supports('symptom', 14, says('no_live_peer'), 'no peer of the group could be picked'),
    supports('imprint', 11, (e) => e.phase === 'unpicked', 'no peer of the group could be picked'),
    supports(
      'imprint',
      12,
      (e) => e.phase === 'none' && e.status === 503,
      '503 without trying a peer, as ingress controllers answer for a service without instances',
    ),
    supports(
      'service_record',
      10,
      (e) => e.okBefore === 0 && e.okNear === 0 && e.okAfter === 0,
      'the service answers nobody, before and after',
    ),
    supports('configured_group', 25, (e) => e.choices === 0, 'every server of the group is marked down'),
    refutes('configured_group', 4, (e) => e.choices > 0, 'the group has servers to choose from'),
    supports('route_scope', 10, (e) => e.okAround === 0, 'the route is answered to nobody, before and after'),
    refutes('route_scope', 9, (e) => e.okNear > 0, 'the same route is answered to others meanwhile'),
    refutes(
      'lone_line',
      18,
      says('no_peer_registered'),
      'by a status alone it may also be a target that fails its checks of health, or a function',
    ),
    proves('symptom', says('no_peer_registered'), 'the target group has no target that could be asked'),
  ],
  needs: ['error_log', 'attempts', 'service'],
  remedy: [
    {
      where: 'nginx',
      change: 'Look for servers marked down, and for what a template leaves when its list is empty',
      example: 'nginx -T | grep -A 5 "upstream "',
    },
    {
      where: 'orchestrator',
      change:
        'Look at the instances behind the service: scaled to zero, a selector that fits none, none ready',
      example: 'kubectl get endpointslices -l kubernetes.io/service-name=app',
    },
    {
      where: 'load balancer',
      change: 'See which targets the group has, and why they are not in use',
      example: 'aws elbv2 describe-target-health --target-group-arn TARGET_GROUP_ARN',
    },
  ],
  success: 'A peer appears in the log, and requests of the service are answered',
  mistakenFor: [
    { id: 'process_down', tell: 'failed tries put the peers aside in the seconds before' },
    { id: 'connection_limit', tell: 'peers of the group answer meanwhile' },
    { id: 'rate_limited', tell: 'nginx says that it limits requests, and others are answered' },
  ],
  references: [
    {
      title: 'nginx: server parameter down',
      url: 'https://nginx.org/en/docs/http/ngx_http_upstream_module.html#down',
    },
    {
      title: 'Kubernetes: debug services',
      url: 'https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/',
    },
    {
      title: 'Application Load Balancers: HTTP 503',
      url: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-503-issues',
    },
  ],
  cases: () => [
    {
      name: 'a group that never had a free peer',
      access: log(
        access({ second: 10, path: '/c', status: 200, peer: '192.0.2.30:9000' }).replace('a.test', 'c.test'),
        repeat(5, (i) => access({ second: 20 + i, status: 502, took: 0, connect: '-', peer: 'app' })),
      ),
      error: repeat(5, (i) => error({ second: 20 + i, connection: 30 + i, peer: 'app', ...noLivePeer })),
      expect: { is: 'no_targets' },
    },
    {
      name: 'no peer can be picked while others are answered',
      access: log(
        steady({ from: 0, to: 40, took: 0.4, perSecond: 4 }),
        access({ second: 30, path: '/a', status: 502, took: 0, connect: '-', peer: 'app' }),
      ),
      error: error({ second: 30, path: '/a', peer: 'app', ...noLivePeer }),
      expect: { is: 'connection_limit' },
    },
    {
      name: 'every server of the group is marked down',
      access: log(
        access({ second: 10, path: '/c', status: 200, peer: '192.0.2.30:9000' }).replace('a.test', 'c.test'),
        access({ second: 20, status: 502, took: 0, connect: '-', peer: 'app' }),
      ),
      configurations: [conf({ group: 'server 192.0.2.10:9000 down;' })],
      expect: { is: 'no_targets' },
    },
    {
      name: 'a target group is empty',
      alb: log(
        albSteady({ from: 0, to: 30 }),
        repeat(3, (i) =>
          alb({ second: 12 + i, path: '/shop', status: 503, took: 0, target: '-', group: 'shop' }),
        ),
      ),
      expect: { is: 'no_targets' },
    },
    {
      name: 'the target of a load balancer refuses',
      alb: log(albSteady({ from: 0, to: 14 }), alb({ path: '/a', status: 502, took: 0.001 })),
      expect: { isNot: 'no_targets' },
    },
    {
      name: 'the edge finds no such name',
      cloudflare: cloudflare({ status: 530, origin: '', errorType: '1016' }),
      expect: { isNot: 'no_targets' },
    },
  ],
};
