/** So many files stay open though nothing comes; of more, those that were quiet for long are opened when they grow. */
export const mostOpen = 64;
