import { request, type IncomingHttpHeaders } from 'node:http';
import { freePort } from '../processes/free-port.ts';
import { isInstalled, startProxy, type ProxyKind, type ProxyOptions } from '../processes/proxy.ts';
import { startService, type Service, type ServiceOptions } from './service.ts';

/** The service behind a proxy that serves it below `/todo/`. */
export interface ProxiedService {
  readonly service: Service;
  /** The port of the proxy. */
  readonly port: number;
  /** The address of the service as clients see it, without a slash at the end. */
  readonly url: string;
}

interface ProxiedServiceOptions extends ServiceOptions {
  readonly change?: ProxyOptions['change'];
}

/** Starts both for one suite; without the proxy's program the suite is pending. Call it inside a `describe`. */
export const ownProxiedService = (
  kind: ProxyKind,
  { change, ...options }: ProxiedServiceOptions = {},
): (() => ProxiedService) => {
  let started: ProxiedService | null = null;
  const undo = new AsyncDisposableStack();
  before(async function () {
    skipWithout(this, kind);
    this.timeout(120_000);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/todo`;
    const environment = { PUBLIC_URL: url, TRUST_PROXY_HOPS: '1', ...options.environment };
    const service = undo.use(await startService({ ...options, environment }));
    undo.use(
      await startProxy(kind, {
        port,
        instances: [service.port],
        ...(change === undefined ? {} : { change }),
      }),
    );
    started = { service, port, url };
  });
  after(() => undo.disposeAsync());
  return () => {
    if (started === null) throw new Error('The proxy starts in a before hook: use it inside a test');
    return started;
  };
};

export const skipWithout = (context: Mocha.Context, kind: ProxyKind): void => {
  if (isInstalled(kind)) return;
  console.log(`Skipped: tests behind ${kind} (the program ${kind} is not installed).`);
  context.skip();
};

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Sent {
  readonly port: number;
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent piece by piece, with a pause of `pauseMs` before each but the first. */
  readonly body?: readonly (string | Buffer)[];
  readonly pauseMs?: number;
  /** The address of the client. */
  readonly localAddress?: string;
}

/** Sends a request over a new connection. The path stays as it is, and the body is not decompressed. */
export const sendTo = ({
  port,
  method = 'GET',
  path,
  headers = {},
  body = [],
  ...rest
}: Sent): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const address = rest.localAddress === undefined ? {} : { localAddress: rest.localAddress };
    const bytes = body.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0);
    const length = bytes === 0 || 'transfer-encoding' in headers ? {} : { 'content-length': bytes };
    const sent = request({
      host: '127.0.0.1',
      port,
      method,
      path,
      headers: { ...length, ...headers },
      agent: false,
      ...address,
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      let text = '';
      response.on('error', reject);
      response.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    const pieces = [...body];
    const next = (): void => {
      const piece = pieces.shift();
      if (piece === undefined) {
        sent.end();
        return;
      }
      sent.write(piece, () => setTimeout(next, pieces.length === 0 ? 0 : (rest.pauseMs ?? 0)));
    };
    next();
  });
