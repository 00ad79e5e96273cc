/** EX_CONFIG of sysexits.h: configuration error. */
export const configurationExitCode = 78;

/** Every configuration problem, one per line. Contains no values, because they may be secrets. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}
