import { setTimeout as pause } from 'node:timers/promises';
import { loadConfig } from './config/config.ts';
import { compose } from './bootstrap/container.ts';
import { printBanner } from './bootstrap/development/banner.ts';
import { listen } from './bootstrap/listen.ts';
import { readEnvironment, runProgram } from './cli/run-program.ts';
import { provideDefaults } from './bootstrap/development/provide-defaults.ts';
import { drain, exitWithin, firstSignal } from './bootstrap/graceful-shutdown.ts';

/** Runs the service until a signal stops it, then closes everything in reverse order of opening. */
const run = async (): Promise<void> => {
  const config = loadConfig(readEnvironment());
  const signal = firstSignal();
  await using opened = new AsyncDisposableStack();
  const stopping = new AbortController();
  void signal.then(() => stopping.abort());
  const settings = await provideDefaults(config, opened).catch((error: unknown) => {
    // A signal during startup can also stop a program that is being started. That is a shutdown, not an error.
    if (stopping.signal.aborted) return null;
    throw error;
  });
  if (settings === null) return;
  const service = opened.use(await compose(settings));
  const observe = service.get('observer');
  {
    await using listening = new AsyncDisposableStack();
    const { HOST, PORT, OPS_HOST, OPS_PORT, SHUTDOWN_TIMEOUT_MS, SHUTDOWN_DELAY_MS } = settings;
    const drainMilliseconds = (SHUTDOWN_TIMEOUT_MS - SHUTDOWN_DELAY_MS) * 0.8;
    listening.defer(() => drain(service.operations, drainMilliseconds));
    listening.defer(() => drain(service.server, drainMilliseconds, () => service.requestsInFlight() > 0));
    const address = await listen(service.server, { host: HOST, port: PORT, variable: 'PORT' });
    // A developer may run several services on one machine. In production the port must be the configured one.
    const orAnyPort = settings.NODE_ENV === 'development';
    const target = { host: OPS_HOST, port: OPS_PORT, variable: 'OPS_PORT', orAnyPort } as const;
    observe({ type: 'listening', address, operations: await listen(service.operations, target) });
    if (settings.NODE_ENV === 'development') await printBanner(address, settings);

    observe({ type: 'stopping', signal: await signal });
    exitWithin(SHUTDOWN_TIMEOUT_MS);
    service.prepareToStop();
    if (SHUTDOWN_DELAY_MS > 0) await pause(SHUTDOWN_DELAY_MS);
  }
  observe({ type: 'stopped' });
};

await runProgram('start', run);
