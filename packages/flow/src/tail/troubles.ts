import type { Problem } from '@why502/model';
import type { FollowEvent } from './follow-event.ts';

/** What keeps files from being read: each is told of once, until it is over or another. */
export class Troubles {
  /** Code of the problem, by path or generation. */
  readonly #told = new Map<string, string>();

  /** @param name as shown */
  tell(about: string, name: string, problem: Problem, events: FollowEvent[]): void {
    if (this.#told.get(about) === problem.code) return;
    this.#told.set(about, problem.code);
    events.push({ kind: 'trouble', name, problem });
  }

  over(about: string): void {
    this.#told.delete(about);
  }
}
