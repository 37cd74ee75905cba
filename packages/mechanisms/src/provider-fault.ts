import { decibans, type Mechanism, refutes, supports } from '@why502/model';
import { alb, albSteady } from './sample/alb.ts';
import { cloudflare, cloudflareSteady } from './sample/cloudflare.ts';
import { log, repeat } from './sample/lines.ts';
import { balancerSays } from './signs/balancer.ts';
import { edgeSays, isOfAllPlaces, isOfThisPlace, namesNobody } from './signs/edge.ts';

/** The edge or the load balancer failed by itself, in a service of whoever runs it. */
export const providerFault: Mechanism = {
  id: 'provider_fault',
  cause: 'provider',
  title: 'The provider of the edge or the load balancer failed',
  summary:
    'The hop made the error without having asked your side, or a service of its own that it needed did not work. Mostly one place of an edge is concerned, and requests that come in elsewhere are served. Nothing of yours failed, and nothing of yours mends it.',
  status: 'stable',
  prior: decibans(-14),
  weigh: [
    refutes('own_request', 30, (e) => e.asker === 'internal', 'the hop looked into a store of its own'),
    supports(
      'symptom',
      22,
      edgeSays('hop_failed'),
      'the edge made the status itself, and names no reason on your side',
    ),
    supports(
      'place_scope',
      14,
      isOfThisPlace,
      'the failures fall in this place of the edge, and the others serve the same service',
    ),
    refutes(
      'place_scope',
      8,
      isOfAllPlaces,
      'the places of the edge fail alike, so that they share a reason',
    ),
    refutes(
      'naming',
      12,
      namesNobody,
      'answers of this route name no address, so that a tunnel or a program at the edge may have failed',
    ),
    supports(
      'symptom',
      32,
      balancerSays('function_unreachable'),
      'the load balancer could not reach the service that runs functions',
    ),
    supports(
      'symptom',
      32,
      balancerSays('hop_failed'),
      'the load balancer names a service of its own that failed, such as its firewall',
    ),
    supports(
      'health',
      6,
      (e) => e.failed > 0 && e.symptom === 'health_check_failed',
      'checks of health failed by a fault of the load balancer itself',
    ),
  ],
  needs: ['place', 'attempts', 'attempt_status'],
  remedy: [
    {
      where: 'provider',
      change:
        "See the provider's status page for the place and the minute, and open a ticket with the ids of some of these requests",
      example: 'https://www.cloudflarestatus.com/',
    },
  ],
  success: 'The place serves again what the others serve',
  mistakenFor: [
    { id: 'relayed_gateway_error', tell: 'the origin itself answered with the status' },
    { id: 'process_down', tell: 'the origin is behind a tunnel, whose connector finds nobody' },
    { id: 'fixed_response', tell: 'no visitor asked: the edge looked into its own cache' },
    { id: 'function_error', tell: 'the function was called, and failed by itself' },
  ],
  references: [
    {
      title: 'Cloudflare: error 502 or 504',
      url: 'https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/error-502/',
    },
    { title: 'AWS: health dashboard', url: 'https://health.aws.amazon.com/health/status' },
    {
      title: 'Application Load Balancers: error reason codes',
      url: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html#error-reason-codes',
    },
  ],
  cases: () => [
    {
      name: 'one place of the edge answers 502 by itself, and the others serve',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 59, perSecond: 4, colos: ['FRA', 'IAD', 'LHR', 'CDG'] }),
        repeat(20, (i) => cloudflare({ second: 30 + i, path: '/a', status: 502, origin: '', colo: 'LHR' })),
      ),
      expect: { is: 'provider_fault' },
    },
    {
      name: 'the origin answers 502 itself',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 59, perSecond: 4, colos: ['FRA', 'IAD', 'LHR', 'CDG'] }),
        repeat(20, (i) =>
          cloudflare({ second: 30 + i, path: '/a', status: 502, answered: 502, colo: 'LHR' }),
        ),
      ),
      expect: { is: 'relayed_gateway_error' },
    },
    {
      name: 'the edge looks into its own cache, and finds nothing',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 29 }),
        cloudflare({ second: 20, status: 504, origin: '', source: 'earlyHintsCache' }),
      ),
      expect: { isNot: 'provider_fault' },
    },
    {
      name: 'every place gets 502 of a tunnel, whose service is down',
      cloudflare: log(
        cloudflareSteady({
          from: 0,
          to: 29,
          perSecond: 4,
          origins: [''],
          colos: ['FRA', 'IAD', 'LHR', 'CDG'],
        }),
        repeat(40, (i) =>
          cloudflare({
            second: 30 + i / 4,
            path: '/a',
            status: 502,
            origin: '',
            colo: ['FRA', 'IAD', 'LHR', 'CDG'][i % 4]!,
          }),
        ),
        cloudflareSteady({
          from: 40,
          to: 60,
          perSecond: 4,
          origins: [''],
          colos: ['FRA', 'IAD', 'LHR', 'CDG'],
        }),
      ),
      expect: { isNot: 'provider_fault' },
    },
    {
      name: 'the load balancer cannot reach the service that runs functions',
      alb: log(
        albSteady({ from: 0, to: 30, targets: ['-'] }),
        repeat(3, (i) =>
          alb({ second: 12 + i, status: 502, target: '-', took: 0.05, reason: 'LambdaServiceException' }),
        ),
      ),
      expect: { is: 'provider_fault' },
    },
    {
      name: 'the firewall of the load balancer does not answer',
      alb: log(
        albSteady({ from: 0, to: 30 }),
        repeat(3, (i) =>
          alb({
            second: 12 + i,
            status: 500,
            took: 0.05,
            target: '-',
            group: '-',
            actions: 'waf-failed',
            reason: 'WAFConnectionError',
          }),
        ),
      ),
      expect: { is: 'provider_fault' },
    },
    {
      name: 'a function that the load balancer called throws',
      alb: log(
        albSteady({ from: 0, to: 30, targets: ['-'] }),
        alb({ status: 502, target: '-', times: [0.004, 0.21, -1], reason: 'LambdaUnhandled' }),
      ),
      expect: { isNot: 'provider_fault' },
    },
  ],
};
