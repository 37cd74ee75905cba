import type { Play } from './play.ts';

/** An incident to write logs about: who stands between visitors and applications, what happens, and why. */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  readonly topology: string;
  readonly started: string;
  readonly minutes: number;
  /** Which identifiers of outer hops inner logs have. */
  readonly ids?: string;
  /** Codes of the edge's error pages are logged. */
  readonly codes?: boolean;
  /** Puts up everybody and says what happens when. */
  build(play: Play): void;
}
