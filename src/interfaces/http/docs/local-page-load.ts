import type { IncomingMessage } from 'node:http';

const loopbackAddress = /^(?:::ffff:)?127\.|^::1$/;
const loopbackHost = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

/** What proxies and tunnels add. Behind one, a connection from this machine may be that of anybody. */
const forwardingFields = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];

/**
 * Whether a browser of this machine loads the page for itself, so that no other origin can read the response:
 * - The connection comes from this machine, and through no proxy that adds header fields.
 * - The Host is a name of this machine. A site whose name resolves to 127.0.0.1 (DNS rebinding) has its own name there, and
 *   could read the response as one of its own origin.
 * - There is no Origin. A page of another origin can read a response only through CORS, and then the browser sends one. In
 *   development CORS allows every port of this machine, so that is no protection.
 * - Frames are denied by X-Frame-Options, and caches by `no-store`.
 *
 * A program on this machine can send all of this too.
 */
export const isLocalPageLoad = ({ socket, headers }: IncomingMessage): boolean =>
  loopbackHost.test(headers.host ?? '') &&
  loopbackAddress.test(socket.remoteAddress ?? '') &&
  headers.origin === undefined &&
  forwardingFields.every((name) => headers[name] === undefined);
