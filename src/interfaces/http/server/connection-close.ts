import type { Duplex } from 'node:stream';

/** How long input is still read and thrown away once the last answer is given, in milliseconds. */
export const lingerMilliseconds = 1_000;

/**
 * Sends what is written, and closes. Input is read and thrown away for a moment: to close with input unread resets the
 * connection, and the client may lose its last answers (RFC 9112, section 9.6).
 */
export const closeGently = (socket: Duplex): void => {
  socket.end();
  socket.resume();
  setTimeout(() => socket.destroy(), lingerMilliseconds).unref();
};

/**
 * Lets Node's parser fail at the next request of a connection. Node parses all it has read at once, up to 64 KiB or about
 * 2,500 requests, and keeps an object of some kilobytes for each. Node has no public way to stop it; where this one has
 * no effect any more, requests are parsed and ignored.
 */
export const stopParsing = (socket: Duplex): void => {
  const parser = 'parser' in socket ? socket.parser : null;
  if (typeof parser === 'object' && parser !== null) Object.assign(parser, { onIncoming: () => parseError });
};

/** Any number but 0, 1 and 2 is an error of the callback to llhttp. */
const parseError = -1;
