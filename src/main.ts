import { readEnvironment } from './config/read-environment.ts';
import { loadSettings } from './config/load-settings.ts';
import { compose } from './bootstrap/container.ts';
import { printBanner } from './bootstrap/development/banner.ts';
import { listen } from './bootstrap/listen.ts';
import { refuseArguments } from './cli/read-arguments.ts';
import { runService, type Run } from './cli/run-program.ts';
import { provideDefaults } from './bootstrap/development/provide-defaults.ts';
import { maintainDatabase } from './bootstrap/prepare-database.ts';
import { shutDownGracefully } from './bootstrap/graceful-shutdown.ts';
import { observeLater } from './bootstrap/observe-later.ts';

const usage = `usage: npm start

  Runs the service until a signal stops it. There are no options: settings are environment variables, such as
  PORT=8000, or lines of .env. README.md lists them; npm run check-config checks them.`;

/** Starts the service. At the end of the process everything is closed, what was opened last first. */
const start = async ({ opened, end }: Run): Promise<void> => {
  const loaded = loadSettings(readEnvironment());
  const { shutdown } = loaded;
  end.limitTo(shutdown.timeoutMs);
  const later = observeLater();
  const settings = await provideDefaults(loaded, { opened, end }, later.observe);
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

  shutDownGracefully({ opened, end }, service, shutdown);
  opened.use(maintainDatabase(service));
  const address = await listen(service.server, { ...settings.api, variable: 'PORT' });
  const operations = await listen(service.operations, { ...settings.operations, variable: 'OPS_PORT' });
  observe({ type: 'listening', address, operations });
  if (settings.printsBanner) await printBanner(address, settings);
};

await runService({ task: 'start', usage, read: refuseArguments }, start);
