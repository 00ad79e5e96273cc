import { expect } from 'chai';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { startProgram } from '../support/processes/program.ts';

const script = fileURLToPath(new URL('../support/processes/busy-log.ts', import.meta.url));
const line = z.object({ signal: z.coerce.number() });

describe('the log', () => {
  it('given slow writes at the exit: the log is complete and in order', async () => {
    await using program = await startProgram([process.execPath, script], {
      cwd: '/',
      environment: { UV_THREADPOOL_SIZE: '1' },
    });
    expect(await program.ended, program.output()).to.equal(0);
    const lines = program.output().trimEnd().split('\n');
    const numbers = lines.map((text) => line.parse(JSON.parse(text)).signal);
    expect(numbers).to.deep.equal(Array.from({ length: 400 }, (_, n) => n));
  });
});
