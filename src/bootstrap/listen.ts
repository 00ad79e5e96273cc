import { once } from 'node:events';
import type { Server } from 'node:http';
import { ConfigError } from '../config/config-error.ts';

interface ListenTarget {
  readonly host: string;
  readonly port: number;
  /** The variable that the port was read from, for the error message. */
  readonly variable: string;
  /** Listens on any free port if another program uses this one. */
  readonly orAnyPort?: boolean;
}

/** Starts listening and returns the URL. Throws {@link ConfigError} if the address or port is not available. */
export const listen = async (server: Server, target: ListenTarget): Promise<string> => {
  const { host, port, variable } = target;
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    if (target.orAnyPort === true && codeOf(error) === 'EADDRINUSE')
      return listen(server, { ...target, port: 0, orAnyPort: false });
    if (isAddressError(error))
      throw new ConfigError([
        `${variable === 'OPS_PORT' ? 'OPS_HOST' : 'HOST'} ${host} is not an address of this machine; all addresses: 0.0.0.0 or ::`,
      ]);
    throw new ConfigError([`${variable} ${port} on ${host} cannot be used: ${reason(error)}`]);
  }
  const bound = server.address();
  const boundPort = typeof bound === 'object' && bound !== null ? bound.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${boundPort}`;
};

const reason = (error: unknown): string => {
  const code = codeOf(error);
  switch (code) {
    case 'EADDRINUSE':
      return 'another program uses it; stop that program, or choose another port';
    case 'EACCES':
      return 'this user has no permission for it; choose a port above 1023';
    default:
      return String(code ?? error);
  }
};

const isAddressError = (error: unknown): boolean =>
  ['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN'].includes(String(codeOf(error)));

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;
