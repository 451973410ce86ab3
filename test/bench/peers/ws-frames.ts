/** What the bare `ws` peers and their load say: arrays that begin with one of these numbers. */

/** `[SEND, cmid, conversation, text]` */
export const SEND = 1;
/** `[WATCH, conversations]` */
export const WATCH = 2;
/** `[ACK, cmid, seq]` */
export const ACK = 3;
/** `[DELIVERY, conversation, seq, cmid, text, at]` */
export const DELIVERY = 4;
/** `[WATCHING]` */
export const WATCHING = 5;
