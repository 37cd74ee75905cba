/** What a PromQL expression asks for. */
export interface Asked {
  readonly metrics: ReadonlySet<string>;
  /** In selectors and in groupings. */
  readonly labels: ReadonlySet<string>;
  /** Of selectors with `=` and `=~`: the values, one of which a series has to have. */
  readonly values: readonly { readonly label: string; readonly oneOf: readonly string[] }[];
}

const token = /"(?:[^"\\]|\\.)*"|[a-zA-Z_:][\w:]*|\[[^\]]*\]|\d[\w.]*|[=!<>~]+|\S/g;
const groupings = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right']);
const keywords = new Set(['and', 'or', 'unless', 'bool', 'offset']);

/** Reads as much of the language as our dashboard and our alerts use (Prometheus, "Querying basics" and "Operators"). */
export function askedBy(expression: string): Asked {
  const tokens = expression.match(token) ?? [];
  const metrics = new Set<string>();
  const labels = new Set<string>();
  const values: { label: string; oneOf: readonly string[] }[] = [];
  let inside: 'selector' | 'grouping' | undefined;
  tokens.forEach((one, at) => {
    const [before, next] = [tokens[at - 1] ?? '', tokens[at + 1] ?? ''];
    if (one === '{') inside = 'selector';
    else if (one === '(' && groupings.has(before)) inside = 'grouping';
    else if (one === '}' || one === ')') inside = undefined;
    if (!/^[a-zA-Z_:]/.test(one)) return;
    if (inside !== undefined) labels.add(one);
    if (inside === 'selector' && (next === '=' || next === '=~'))
      values.push({ label: one, oneOf: tokens[at + 2]!.slice(1, -1).split('|') });
    const isFunction = next === '(' || groupings.has(next);
    const isSpan = before === 'offset' || /^\d/.test(before);
    if (inside === undefined && !isFunction && !isSpan && !groupings.has(one) && !keywords.has(one))
      metrics.add(one);
  });
  return { metrics, labels, values };
}
