import { readSettings } from './cli/read-settings.ts';
import { printBanner } from './bootstrap/development/banner.ts';
import { startService } from './bootstrap/start-service.ts';
import { refuseArguments } from './cli/read-arguments.ts';
import { runService, type Run } from './cli/run-program.ts';

const usage = `usage: npm start

  Runs the service until a signal stops it. There are no options: settings are environment variables, such as
  PORT=8000, or lines of .env. README.md lists them; npm run check-config checks them.`;

const start = async (run: Run): Promise<void> => {
  const { address, settings } = await startService(run, readSettings());
  if (settings.printsBanner) await printBanner(address, settings);
};

await runService({ task: 'start', usage, read: refuseArguments }, start);
