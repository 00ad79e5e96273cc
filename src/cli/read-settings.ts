import { refuseDebugger } from '../bootstrap/process-end.ts';
import { loadSettings } from '../config/load-settings.ts';
import { readEnvironment } from '../config/read-environment.ts';
import type { Settings } from '../config/settings.ts';

/**
 * The settings of this process, from its environment and `.env`. Throws `ConfigError` with all problems. In production it also installs
 * the listener that ignores SIGUSR1 ({@link refuseDebugger}): here, because every program reads its settings first.
 */
export const readSettings = (): Settings => {
  const settings = loadSettings(readEnvironment());
  if (!settings.allowsDebugger) refuseDebugger();
  return settings;
};
