import { existsSync } from 'node:fs';
import { ConfigError, configurationExitCode } from '../config/config.ts';
import { redacted } from '../infrastructure/observability/loggable-error.ts';

/** The environment, plus the variables of `.env` in the current folder that the environment does not set. */
export const readEnvironment = (): NodeJS.ProcessEnv => {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
};

/**
 * Runs a program and sets the exit code: 0 on success; 78 for a bad configuration, after printing every problem; 1 for any
 * other error, after printing it. `task` completes the sentence "Taskhold cannot …".
 */
export const runProgram = async (task: string, program: () => Promise<void>): Promise<void> => {
  // Node would print the error with all of its properties, which can include connection settings and passwords.
  process.on('uncaughtException', (error) => {
    process.stderr.write(`Taskhold has failed: ${described(error)}\n`);
    process.exit(1);
  });
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
  redacted(error instanceof Error ? (error.stack ?? error.message) : String(error));
