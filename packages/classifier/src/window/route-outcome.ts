/** What became of a request, as the routes of a bucket are counted. */
export const answered = 0;
export const failed = 1;
/** The client left first. */
export const left = 2;
/** Failed since no peer was free: an effect of other failures. */
export const unpicked = 3;
/** Failed by a timer of the proxy. */
export const timedOut = 4;

/** What a gateway answers when one of its timers ends the wait for a peer. */
export const gatewayTimeout = 504;
