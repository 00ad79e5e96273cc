import { ConfigError } from '../../src/config/config-error.ts';
import { loadSettings } from '../../src/config/load-settings.ts';

/** The problems of an environment, as the start of the service lists them. */
export const problemsOf = (environment: NodeJS.ProcessEnv): readonly string[] => {
  try {
    loadSettings(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
};
