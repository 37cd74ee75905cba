import type { Sighting } from '@why502/model';

/** What other programs write when they fail in a way that a proxy in front of them sees; each with its source. */
const table: readonly { readonly words: RegExp; readonly saw: Sighting; readonly source: string }[] = [
  {
    words:
      /\bOut of memory: Kill|\boom-kill\b|\boom_reaper\b|\bOOMKilled\b|\bexit(?:ed)?(?: with)?(?: code| status)?[ :=(]+137\b/i,
    saw: 'process_killed_for_memory',
    source: 'Linux mm/oom_kill.c; 137 is 128 + SIGKILL, as container runtimes report it',
  },
  {
    words:
      /\bsegfault at\b|\bexited on signal (?:4|6|7|8|11)\b|\bSIGSEGV\b|\bSIGABRT\b|\bSegmentation fault\b|\bcore dumped\b|\bexit(?:ed)?(?: with)?(?: code| status)?[ :=(]+(?:134|139)\b/i,
    saw: 'process_crashed',
    source: 'Linux arch/x86/mm/fault.c; php-fpm sapi/fpm/fpm/fpm_children.c',
  },
  {
    words: /\binvalid request block size: \d+ \(max \d+\)/i,
    saw: 'request_header_refused',
    source: 'uWSGI proto/uwsgi.c',
  },
  {
    words:
      /\breached (?:pm\.)?max_children\b|\breached MaxRequestWorkers\b|\bno free workers?\b|\bseems busy \(you may need to increase\b/i,
    saw: 'workers_all_busy',
    source: 'php-fpm sapi/fpm/fpm/fpm_process_ctl.c; Apache server/mpm/event/event.c',
  },
  {
    words:
      /\blisten(?:ing)? queue of socket .* full\b|\blisten queue\b.*\bfull\b|\bpossible SYN flooding on port\b/i,
    saw: 'accept_queue_full',
    source: 'uWSGI core/master_checks.c; Linux net/ipv4/tcp_input.c',
  },
  {
    words: /\bWORKER TIMEOUT\b|\bHARAKIRI\b|\bexecution timed out \([\d.]+ sec\), terminating\b/,
    saw: 'worker_ran_out_of_time',
    source: 'gunicorn/arbiter.py; uWSGI core/master_checks.c; php-fpm sapi/fpm/fpm/fpm_request.c',
  },
];

/** What a line of another program's log tells; undefined for all that is not in the table. */
export function sightingOf(line: string): Sighting | undefined {
  return table.find(({ words }) => words.test(line))?.saw;
}
