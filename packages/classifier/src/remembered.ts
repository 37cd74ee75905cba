/** Longer texts are rare, and would make what is kept large. */
const longestText = 256;

/** A pure function of a text that keeps its answers, up to so many, and then begins anew. */
export function remembered<T>(of: (text: string) => T, most: number): (text: string) => T {
  const answers = new Map<string, T>();
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined) return known;
    const answer = of(text);
    if (answers.size >= most) answers.clear();
    if (text.length <= longestText) answers.set(text, answer);
    return answer;
  };
}
