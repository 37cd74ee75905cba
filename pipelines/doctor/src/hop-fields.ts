import type { DiagnosedHop, Logged } from '@why502/model';

/** What the logs of a hop may hold. */
export interface HopFields {
  /** What tells mechanisms apart, so that its worth can be measured. */
  readonly measured: readonly Logged[];
  /** What joins logs, or says who was hit. */
  readonly others: readonly Logged[];
}

const ofAttempt: readonly Logged[] = [
  'attempts',
  'attempt_status',
  'attempt_connect',
  'attempt_header',
  'attempt_response',
];

export const hopFields: Readonly<Record<DiagnosedHop, HopFields>> = {
  nginx: {
    measured: ['error_log', 'warnings', ...ofAttempt, 'attempt_bytes_received', 'duration', 'host'],
    others: ['service', 'request_id', 'connection', 'client', 'method', 'user_agent'],
  },
  alb: {
    measured: ['health_log', ...ofAttempt, 'service', 'host', 'code'],
    others: ['client', 'method', 'user_agent', 'trail'],
  },
  cloudflare: {
    measured: [...ofAttempt, 'duration', 'host', 'place', 'code'],
    others: ['client', 'method', 'user_agent', 'trail'],
  },
};

/** The outermost hop first. */
export const hopOrder: readonly DiagnosedHop[] = ['cloudflare', 'alb', 'nginx'];
