/** What became of a request, as the routes of a bucket are counted. */
export const answered = 0;
export const failed = 1;
/** The client left first. */
export const left = 2;
/** Failed since no peer was free: an effect of other failures. */
export const unpicked = 3;
