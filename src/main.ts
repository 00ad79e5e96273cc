import { setTimeout as pause } from 'node:timers/promises';
import { loadConfig } from './config/config.ts';
import { readEnvironment } from './config/environment.ts';
import { compose } from './bootstrap/container.ts';
import { printBanner } from './bootstrap/development/banner.ts';
import { listen } from './bootstrap/listen.ts';
import { runService, type Run } from './cli/run-program.ts';
import { provideDefaults } from './bootstrap/development/provide-defaults.ts';
import { drain } from './bootstrap/graceful-shutdown.ts';
import { observeLater } from './bootstrap/observe-later.ts';
import { Interrupted } from './bootstrap/process-end.ts';

/** Starts the service. At the end of the process everything is closed, what was opened last first. */
const start = async ({ opened, end }: Run): Promise<void> => {
  const config = loadConfig(readEnvironment());
  end.limitTo(config.SHUTDOWN_TIMEOUT_MS);
  const later = observeLater();
  const settings = await provideDefaults(config, { opened, end }, later.observe);
  const composing = compose(settings);
  opened.defer(() =>
    composing.then(
      (service) => service[Symbol.asyncDispose](),
      () => undefined,
    ),
  );
  const service = await composing;
  const observe = service.get('observer');
  later.forwardTo(observe);

  const { HOST, PORT, OPS_HOST, OPS_PORT, SHUTDOWN_TIMEOUT_MS, SHUTDOWN_DELAY_MS } = settings;
  const drainMilliseconds = (SHUTDOWN_TIMEOUT_MS - SHUTDOWN_DELAY_MS) * 0.8;
  opened.defer(() => observe({ type: 'stopped' }));
  let drainedBy = Number.POSITIVE_INFINITY;
  opened.defer(() => drain(service.operations, Math.max(0, drainedBy - performance.now())));
  opened.defer(() => {
    drainedBy = performance.now() + drainMilliseconds; // one limit for both
    return drain(service.server, drainMilliseconds, service);
  });
  const address = await listen(service.server, { host: HOST, port: PORT, variable: 'PORT' });
  // A developer may run several services on one machine. In production the port must be the configured one.
  const orAnyPort = settings.NODE_ENV === 'development';
  const place = { host: OPS_HOST, port: OPS_PORT, variable: 'OPS_PORT', orAnyPort } as const;
  const operations = await listen(service.operations, place);
  opened.defer(async () => {
    const { signal } = end;
    observe({
      type: 'stopping',
      signal: signal.reason instanceof Interrupted ? signal.reason.signal : 'failure',
    });
    service.prepareToStop();
    if (SHUTDOWN_DELAY_MS > 0) await pause(SHUTDOWN_DELAY_MS);
  });
  observe({ type: 'listening', address, operations });
  if (settings.NODE_ENV === 'development') await printBanner(address, settings);
};

await runService('start', start);
