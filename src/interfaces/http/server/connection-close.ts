import type { Duplex } from 'node:stream';

/** How long input is read and discarded after the last response, in milliseconds. */
export const lingerMs = 1_000;

/**
 * Sends what is written, and closes the connection after input was discarded for a short time: closing with unread input
 * resets the connection, and the client can lose the last responses (RFC 9112, section 9.6).
 */
export const closeGently = (socket: Duplex): void => {
  socket.end();
  socket.resume();
  setTimeout(() => socket.destroy(), lingerMs).unref();
};

/**
 * Makes Node's parser fail at the next request of a connection. Node parses everything it has read at once, up to 64 KiB or about
 * 2,500 requests, and keeps an object of some kilobytes for each. Node has no public API to stop it. If a future version
 * ignores this property, further requests are parsed and ignored.
 */
export const stopParsing = (socket: Duplex): void => {
  const parser = 'parser' in socket ? socket.parser : null;
  if (typeof parser === 'object' && parser !== null) Object.assign(parser, { onIncoming: () => parseError });
};

/** Any number but 0, 1 and 2 is an error of the callback to llhttp. */
const parseError = -1;
