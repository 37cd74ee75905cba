import { decibans, type Mechanism, proves, says, supports } from '@why502/model';
import { alb, albSteady } from './sample/alb.ts';
import { cloudflare, cloudflareSteady } from './sample/cloudflare.ts';
import { log, repeat } from './sample/lines.ts';

/** A function that was called for the request failed, or could not be called. */
export const functionError: Mechanism = {
  id: 'function_error',
  cause: 'upstream_fault',
  title: 'The function that was to answer failed',
  summary:
    'Behind the hop stands no server but a function, which is called for each request. It threw an exception, ran out of time or memory, gave an answer that is too large or of the wrong form, was called more often at once than its limit allows, or may not be called at all. There is no connection that could be refused; the hop says by a code what happened.',
  status: 'trial',
  prior: decibans(-12),
  weigh: [
    supports(
      'lone_status',
      25,
      (e) => e.phase === undefined && e.status === 502 && e.source === 'alb',
      'of 502s of load balancers of which nothing else is known, some were functions whose answer has another form',
    ),
    proves('symptom', says('function_failed'), 'the hop says that the function failed'),
    proves(
      'symptom',
      says('function_answer_invalid'),
      'the hop says that it cannot use what the function answered',
    ),
    proves(
      'symptom',
      says('function_throttled'),
      'the hop says that no more calls of the function were allowed at that time',
    ),
    proves(
      'symptom',
      says('function_set_up_wrong'),
      'the hop says that the function cannot be called as it is set up',
    ),
    supports('symptom', 6, says('function_unreachable'), 'the function was not reached'),
    supports(
      'imprint',
      26,
      (e) => e.source === 'alb' && e.unaddressed && e.status >= 502,
      'a function was called, and no answer of it came that could be passed on',
    ),
  ],
  needs: ['code'],
  remedy: [
    {
      where: 'function',
      change: 'Read its log of that second: an exception, "Task timed out", or the size of the answer',
      example: 'aws logs tail /aws/lambda/NAME --since 15m --filter-pattern ?ERROR ?"Task timed out"',
    },
    {
      where: 'function',
      change:
        'Answer in the form that the load balancer asks for: statusCode a number, headers, body a string of less than 1 MB',
      example: 'return { statusCode: 200, headers: { "content-type": "application/json" }, body: "{}" };',
    },
    {
      where: 'function',
      change: 'Where calls are throttled raise its concurrency, or make each call shorter',
      example:
        'aws lambda put-function-concurrency --function-name NAME --reserved-concurrent-executions 200',
    },
    {
      where: 'load balancer',
      change: 'Where the function may not be called let the target group call it',
      example:
        'aws lambda add-permission --function-name NAME --statement-id alb --principal elasticloadbalancing.amazonaws.com --action lambda:InvokeFunction --source-arn TARGET_GROUP_ARN',
    },
  ],
  success: 'No code of the function stands in the log of the hop any more',
  mistakenFor: [
    {
      id: 'application_error',
      tell: 'the function itself answered with a status of 5xx, which was passed on',
    },
    { id: 'provider_fault', tell: 'the service that runs functions could not be reached at all' },
  ],
  references: [
    {
      title: 'Application Load Balancers: error reason codes',
      url: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html#error-reason-codes',
    },
    {
      title: 'AWS Lambda: functions as targets of a load balancer',
      url: 'https://docs.aws.amazon.com/lambda/latest/dg/services-alb.html',
    },
  ],
  cases: () => [
    {
      name: 'a function throws',
      alb: log(
        albSteady({ from: 0, to: 30, targets: ['-'] }),
        repeat(3, (i) =>
          alb({
            second: 12 + i,
            status: 502,
            target: '-',
            times: [0.004, 0.21, -1],
            reason: 'LambdaUnhandled',
          }),
        ),
      ),
      expect: { is: 'function_error' },
    },
    {
      name: 'more calls come at once than are allowed',
      alb: log(
        albSteady({ from: 0, to: 30, targets: ['-'] }),
        repeat(3, (i) =>
          alb({ second: 12 + i, status: 502, target: '-', took: 0.01, reason: 'LambdaThrottling' }),
        ),
      ),
      expect: { is: 'function_error' },
    },
    {
      name: 'the answer is of the wrong form',
      alb: alb({ status: 502, target: '-', times: [0.004, 0.09, -1], reason: 'LambdaInvalidResponse' }),
      expect: { is: 'function_error' },
    },
    {
      name: 'the load balancer may not call the function',
      alb: alb({ status: 502, target: '-', took: 0.01, reason: 'LambdaAccessDenied' }),
      expect: { is: 'function_error' },
    },
    {
      name: 'a function is called, and no reason is given',
      alb: log(
        albSteady({ from: 0, to: 30, targets: ['-'] }),
        alb({ status: 502, target: '-', times: [0.004, 0.31, -1] }),
      ),
      expect: { is: 'function_error' },
    },
    {
      name: 'the function itself answers with an error',
      alb: log(
        albSteady({ from: 0, to: 30, targets: ['-'] }),
        alb({ status: 500, answered: 500, target: '-' }),
      ),
      expect: { is: 'application_error' },
    },
    {
      name: 'a server closes the connection',
      alb: log(
        albSteady({ from: 0, to: 30 }),
        alb({ path: '/a', status: 502, took: 0.001, times: [0.001, 0, -1] }),
      ),
      expect: { isNot: 'function_error' },
    },
    {
      name: 'a Worker throws on its route',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 29 }),
        repeat(5, (i) =>
          cloudflare({ second: 10 + i, path: '/render', status: 500, origin: '', worker: 'exception' }),
        ),
      ),
      expect: { is: 'function_error' },
    },
    {
      name: 'a Worker passes on what the origin answered',
      cloudflare: cloudflare({ status: 500, answered: 500, worker: 'ok' }),
      expect: { isNot: 'function_error' },
    },
  ],
};
