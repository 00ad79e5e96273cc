import { once } from 'node:events';
import type { Server } from 'node:http';
import { ConfigError } from '../config/config.ts';

export interface Place {
  readonly host: string;
  readonly port: number;
  /** The variable that the port was read from, for the error message. */
  readonly variable: 'PORT' | 'OPS_PORT';
  /** Takes any free port where another program has this one. */
  readonly orAny?: boolean;
}

/** Listens, and returns the URL. Throws {@link ConfigError} where the place cannot be had. */
export const listen = async (server: Server, place: Place): Promise<string> => {
  const { host, port, variable } = place;
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    if (place.orAny === true && codeOf(error) === 'EADDRINUSE')
      return listen(server, { ...place, port: 0, orAny: false });
    throw new ConfigError([`${variable} ${port} on ${host} cannot be had: ${reason(error)}`]);
  }
  const bound = server.address();
  const taken = typeof bound === 'object' && bound !== null ? bound.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${taken}`;
};

const reason = (error: unknown): string => {
  const code = codeOf(error);
  switch (code) {
    case 'EADDRINUSE':
      return 'another program has it; stop that one, or choose another port';
    case 'EACCES':
      return 'it needs rights that this user lacks; choose a port above 1023';
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return 'it is no address of this machine';
    default:
      return String(code ?? error);
  }
};

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;
