import { expect } from 'chai';
import { gathered } from '../../../../src/infrastructure/observability/gathered-lines.ts';
import { until } from '../../../support/until.ts';

describe('gathered lines', () => {
  const line = `${'x'.repeat(99)}\n`;

  it('given many lines: written in order, in few writes', () => {
    const written: string[] = [];
    using lines = gathered((text) => written.push(text));
    for (let n = 0; n < 400; n += 1) lines.write(line);
    expect(written).to.have.length(2);
    expect(written.join('')).to.equal(line.repeat(320));
  });

  it('given few lines: written after a short delay', async () => {
    const written: string[] = [];
    using lines = gathered((text) => written.push(text));
    lines.write('one\n');
    lines.write('two\n');
    await until('they are written', () => written.length > 0);
    expect(written).to.deep.equal(['one\ntwo\n']);
  });

  it('given a second dispose: the remaining lines are written once', () => {
    const written: string[] = [];
    const lines = gathered((text) => written.push(text));
    lines.write(line);
    lines[Symbol.dispose]();
    lines[Symbol.dispose]();
    expect(written).to.deep.equal([line]);
  });
});
