import type { MechanismId, Result, Summary } from '@why502/model';
import { causes } from './causes.ts';
import { doubts } from './doubts.ts';
import { findings } from './findings.ts';
import { headline } from './headline.ts';
import { notes } from './notes.ts';
import { Page, type PageOptions } from './page.ts';
import { Tally } from './tally.ts';

export interface ReportOptions extends PageOptions {
  /** What each mechanism does, as a sentence, for those that failed too seldom for an incident; default none. */
  readonly titles?: ReadonlyMap<MechanismId, string>;
  /** Describe all that is known, not what fits on a screen. Default false. */
  readonly verbose?: boolean;
}

export interface Report {
  /** Takes a result, in memory that does not grow with them. */
  add(result: Result): void;
  /** The report on all that was added, without a line break at the end. */
  text(summary: Summary): string;
}

/** A report for someone who was just woken by an alarm: answer first, then causes, evidence and what to do. */
export function createReport(options: ReportOptions): Report {
  const tally = new Tally(options.titles);
  return {
    add: (result) => tally.add(result),
    text: (summary) => {
      const page = new Page(options);
      headline(page, tally, summary);
      causes(page, tally);
      findings(page, tally, summary, options.verbose === true);
      doubts(page, tally);
      notes(page, summary, options.verbose === true);
      return page.toString();
    },
  };
}
