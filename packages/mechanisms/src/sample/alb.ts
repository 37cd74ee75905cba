// Lines of an Application Load Balancer for the cases of mechanisms: what a case leaves out is ordinary.
import { repeat } from './lines.ts';

export interface AlbSample {
  /** Seconds after 10:00:00, at which the answer was made; 15 unless given. */
  readonly second?: number;
  /** `GET` unless given. */
  readonly method?: string;
  /** `/b` unless given. */
  readonly path?: string;
  /** 0 for none, which is logged as `000`. */
  readonly status: number;
  /** Seconds since the request came in; 0.04 unless given. */
  readonly took?: number;
  /** `-` for a function, and where none was asked; `192.0.2.10:9000` unless given. */
  readonly target?: string;
  /** What the target answered; the status itself below 500 except 460, else `-`, unless given. */
  readonly answered?: number | '-';
  /**
   * Seconds until the request was with the target, from there to its answer, and from there to the client; -1 where it
   * did not come that far. All of `took` at the target where it answered, else three times -1, unless given.
   */
  readonly times?: readonly [number, number, number];
  /** Target group; `-` where a rule answered; `app` unless given. */
  readonly group?: string;
  /** `forward` unless given. */
  readonly actions?: string;
  /** `error_reason`; `-` unless given. */
  readonly reason?: string;
  /** `203.0.113.7` unless given. */
  readonly client?: string;
  /** `https` unless given. */
  readonly type?: string;
  /** `request_transform_status`; `-` unless given. */
  readonly transform?: string;
  /** `classification` and its reason, as in `Severe BadUri`. */
  readonly classified?: string;
}

/** A line of an access log as of 2025, with 33 fields. */
export function alb(sample: AlbSample): string {
  const { method = 'GET', path = '/b', status, took = 0.04, target = '192.0.2.10:9000' } = sample;
  const { group = 'app', actions = 'forward', reason = '-', client = '203.0.113.7', type = 'https' } = sample;
  const answered = sample.answered ?? (status < 500 && status !== 460 && target !== '-' ? status : '-');
  const times = sample.times ?? (answered === '-' ? [-1, -1, -1] : [0.001, took, 0]);
  const [classification, reasonOfIt] = sample.classified?.split(' ') ?? ['-', '-'];
  const arn =
    group === '-'
      ? '-'
      : `arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/${group}/73e2d6bc24d8a067`;
  return [
    `${type} ${stamp(sample.second)} app/front/50dc6c495c0c9188 ${client}:40112 ${target}`,
    `${times.map(seconds).join(' ')} ${String(status).padStart(3, '0')} ${answered} 512 1024`,
    `"${method} https://a.test:443${path} HTTP/1.1" "x" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 ${arn}`,
    `"Root=1-6912b00f-4a1f0c2e9d8b7a6c5e4f3d2b" "a.test" "session-reused" 1 ${stamp(sample.second, took)}`,
    `"${actions}" "-" "${reason}" "${target}" "${answered}" "${classification}" "${reasonOfIt}"`,
    `TID_8f1b2c3d4e5f60718293a4b5c6d7e8f9 "-" "-" "${sample.transform ?? '-'}"`,
  ].join(' ');
}

export interface AlbSteadySample {
  /** Seconds after 10:00:00; the first and the last with an answer. */
  readonly from: number;
  readonly to: number;
  /** Asked for in turn; `/a` alone unless given. */
  readonly routes?: readonly string[];
  /** Asked in turn; `192.0.2.10:9000` alone unless given. */
  readonly targets?: readonly string[];
  /** Answers in each second; 1 unless given. */
  readonly perSecond?: number;
  /** As in `AlbSample`. */
  readonly took?: number;
  readonly method?: string;
  readonly client?: string;
  readonly group?: string;
}

/** Traffic that goes well. */
export function albSteady(sample: AlbSteadySample): string {
  const { from, to, routes = ['/a'], targets = ['192.0.2.10:9000'], perSecond = 1, ...rest } = sample;
  return repeat((to - from + 1) * perSecond, (i) =>
    alb({
      ...rest,
      second: from + i / perSecond,
      status: 200,
      path: routes[i % routes.length]!,
      target: targets[i % targets.length]!,
    }),
  );
}

export interface AlbHealthSample {
  /** Seconds after 10:00:00. */
  readonly second: number;
  /** `192.0.2.10:9000` unless given. */
  readonly target?: string;
  /** `reason_code` of a check that failed; without one it passed. */
  readonly failed?: string;
}

/** A line of the log of health checks. */
export function albHealth({ second, target = '192.0.2.10:9000', failed }: AlbHealthSample): string {
  const outcome = failed === undefined ? 'PASS 200 -' : `FAIL - ${failed}`;
  return `http ${stamp(second)} 0.004512 ${target} app ${outcome}`;
}

/** @param before seconds to go back from then */
function stamp(second = 15, before = 0): string {
  const at = new Date(Date.UTC(2026, 10, 10, 10) + Math.round((second - before) * 1_000));
  return at.toISOString().replace('Z', '000Z');
}

function seconds(time: number): string {
  return time === -1 ? '-1' : time.toFixed(3);
}
