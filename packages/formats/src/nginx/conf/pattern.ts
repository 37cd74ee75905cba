import { type Step, stepsOf, Unsupported } from './pattern-steps.ts';

const longestPattern = 1_000;

/**
 * A regular expression that takes linear time, whatever the text: paths of requests are written by strangers. Undefined
 * for expressions outside of the common part of PCRE: look-around, back-references, atoms that do not give back.
 */
export function linearPattern(source: string, ignoreCase: boolean): ((text: string) => boolean) | undefined {
  if (source.length > longestPattern) return undefined;
  try {
    return follow(stepsOf(source, ignoreCase));
  } catch (error) {
    if (error instanceof Unsupported) return undefined;
    throw error;
  }
}

/** Follows all ways at once, so that no text makes it go back. What it works on is made once. */
function follow(steps: readonly Step[]): (text: string) => boolean {
  const seenAt = new Int32Array(steps.length);
  const waiting = new Int32Array(2 * steps.length + 2);
  let here = new Int32Array(steps.length + 1);
  let next = new Int32Array(steps.length + 1);
  const anchored = steps[0]?.kind === 'start';
  return (text) => {
    seenAt.fill(-1);
    let count = 0;
    for (let at = 0; at <= text.length; at++) {
      // A match may begin anywhere, unless the expression says where.
      if (at === 0 || !anchored) here[count++] = 0;
      else if (count === 0) return false;
      const code = text.charCodeAt(at);
      let following = 0;
      for (let start = 0; start < count; start++) {
        waiting[0] = here[start]!;
        for (let left = 1; left > 0; ) {
          const index = waiting[--left]!;
          if (seenAt[index] === at) continue;
          seenAt[index] = at;
          const step = steps[index]!;
          switch (step.kind) {
            case 'found':
              return true;
            case 'one':
              if (at < text.length && step.test(code)) next[following++] = index + 1;
              break;
            case 'both':
              waiting[left++] = step.other;
              waiting[left++] = index + 1;
              break;
            case 'jump':
              waiting[left++] = step.to;
              break;
            case 'start':
              if (at === 0) waiting[left++] = index + 1;
              break;
            case 'end':
              // PCRE's `$` also matches before a line break at the end.
              if (at === text.length || (at === text.length - 1 && code === 0x0a))
                waiting[left++] = index + 1;
              break;
            default:
              step satisfies never;
          }
        }
      }
      [here, next] = [next, here];
      count = following;
    }
    return false;
  };
}
