import Mocha from 'mocha';
import { z } from 'zod';

const { reporters, Runner } = Mocha;
const { EVENT_TEST_FAIL, EVENT_TEST_RETRY, EVENT_RUN_END } = Runner.constants;

const Options = z.object({ style: z.enum(['dot', 'spec']).default('dot') });

/**
 * Dots, or with the reporter option `style=spec` the name of each test; then the failures. With `CI` set, a failed test
 * runs once more, because the machines of CI are shared and some tests measure time. The last lines name every test that
 * failed at first, with its error, whatever the second result.
 */
export default class Reporter extends reporters.Base {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const { style } = Options.parse(options.reporterOptions ?? {});
    new { dot: reporters.Dot, spec: reporters.Spec }[style](runner, options);
    if (process.env['CI'] === undefined) return;
    runner.suite.eachTest((test) => {
      test.retries(1);
    });
    const lines: string[] = [];
    const note = (word: string) => (test: Mocha.Test, error: Error) => {
      lines.push(`  ${word}: ${test.fullTitle()}: ${error.message.split('\n', 1).join()}\n`);
    };
    runner.on(EVENT_TEST_RETRY, note('repeated')).on(EVENT_TEST_FAIL, note('failed'));
    runner.once(EVENT_RUN_END, () => process.stdout.write(lines.join('')));
  }
}
