import { once } from 'node:events';
import type { Server } from 'node:http';
import { ConfigError } from './config.ts';

export interface Place {
  readonly host: string;
  readonly port: number;
  /** The variable that the port was read from, for whoever has to change it. */
  readonly variable: 'PORT' | 'OPS_PORT';
}

/** Listens, and returns the URL. Throws {@link ConfigError} where the place cannot be had. */
export const listen = async (server: Server, { host, port, variable }: Place): Promise<string> => {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new ConfigError([`${variable} ${port} on ${host} cannot be had: ${reason(error)}`]);
  }
  const bound = server.address();
  const taken = typeof bound === 'object' && bound !== null ? bound.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${taken}`;
};

const reason = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
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
