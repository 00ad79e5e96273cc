import type { CompleteSettings, Settings } from '../config/settings.ts';
import { compose } from './container.ts';
import { provideDefaults, type Start } from './development/provide-defaults.ts';
import { shutDownGracefully } from './graceful-shutdown.ts';
import { listen } from './listen.ts';
import { observeLater } from './observe-later.ts';
import { maintainDatabase } from './prepare-database.ts';
import type { ProcessEnd } from './process-end.ts';

interface ServiceStart extends Start {
  readonly end: Pick<ProcessEnd, 'signal' | 'limitTo'>;
}

export interface StartedService {
  /** The URL of the API. */
  readonly address: string;
  readonly settings: CompleteSettings;
}

/** Starts the service, and resolves when it listens. Disposing `opened` closes what was opened last first. */
export const startService = async (
  { opened, end }: ServiceStart,
  loaded: Settings,
): Promise<StartedService> => {
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
  opened.use(maintainDatabase(service, settings.retention));
  const address = await listen(service.server, { ...settings.api, variable: 'PORT' });
  const operations = await listen(service.operations, { ...settings.operations, variable: 'OPS_PORT' });
  observe({ type: 'listening', address, operations });
  return { address, settings };
};
