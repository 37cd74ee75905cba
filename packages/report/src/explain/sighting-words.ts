import type { Sighting } from '@why502/model';
import type { SymptomWords } from './symptom-words.ts';

/** What a line of another program means for the proxy in front of it. */
export const sightingWords: Readonly<Record<Sighting, SymptomWords>> = {
  process_crashed: {
    means:
      'A process of the application crashed. Requests that it worked on end in 502: nginx sees the connection closed or reset before an answer.',
    looks: ['service', 'kernel', 'errorLog'],
  },
  process_killed_for_memory: {
    means:
      'The kernel, or the container runtime, killed a process because memory ran out. Requests that it worked on end in 502, and new ones are refused until it is back.',
    looks: ['kernel', 'container', 'errorLog'],
  },
  workers_all_busy: {
    means:
      'All workers of the application are busy. New requests wait: nginx sees them time out (504), or, on a unix socket whose queue is full, gets 502 at once.',
    looks: ['workers', 'queue', 'errorLog'],
  },
  accept_queue_full: {
    means:
      'Connections come faster than the application takes them, and the queue of those that wait is full. nginx sees connects that take seconds or time out, and, on a unix socket, 502 at once.',
    looks: ['queue', 'workers', 'errorLog'],
  },
  worker_ran_out_of_time: {
    means:
      'The application stopped one of its workers because a request took longer than its own timer allows. nginx sees the connection closed before an answer: 502 after a round number of seconds.',
    looks: ['timers', 'service', 'errorLog'],
  },
  request_header_refused: {
    means:
      'uWSGI dropped a request whose header, mostly its cookies, is larger than its buffer-size (4096 bytes unless configured). nginx sees the connection reset: 502 for users with large cookies.',
    looks: ['service', 'errorLog'],
  },
};
