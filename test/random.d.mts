/** Numbers from 0 to 1, the same in every run. */
export function randomNumbers(seed: number): () => number;
