import { existsSync } from 'node:fs';
import { ConfigError, configurationExitCode } from './config.ts';

/** The environment, filled up with what `.env` in the current folder says and the environment does not. */
export const readEnvironment = (): NodeJS.ProcessEnv => {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
};

/**
 * Runs a program to its end and sets the exit code: 0, 78 with every problem of the configuration, or 1 with what
 * went wrong. `task` completes the sentence "Taskhold cannot …".
 */
export const runProgram = async (task: string, program: () => Promise<void>): Promise<void> => {
  try {
    await program();
    process.exitCode = 0;
  } catch (error) {
    const isConfig = error instanceof ConfigError;
    process.exitCode = isConfig ? configurationExitCode : 1;
    process.stderr.write(
      isConfig
        ? `Taskhold cannot ${task} with this configuration:\n${bulleted(error.problems)}\n`
        : `Taskhold cannot ${task}: ${described(error)}\n`,
    );
  }
};

const bulleted = (lines: readonly string[]): string => lines.map((line) => `  - ${line}`).join('\n');

const described = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
