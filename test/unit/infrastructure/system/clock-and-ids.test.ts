import { expect } from 'chai';
import { isInstant } from '../../../../src/domain/instant.ts';
import { isTaskId } from '../../../../src/domain/task.ts';
import { systemClockAndIds } from '../../../../src/infrastructure/system/clock-and-ids.ts';

describe('systemClockAndIds', () => {
  it('given a call of now: returns the current time as an Instant', () => {
    const before = Date.now();
    const now = systemClockAndIds.now();
    expect(isInstant(now)).to.be.true;
    expect(Date.parse(now)).to.be.within(before, Date.now());
  });

  it('given 20,000 calls: returns distinct, ascending UUIDs of version 7', () => {
    const ids = Array.from({ length: 20_000 }, () => systemClockAndIds.newTaskId());
    expect(ids.every((id) => isTaskId(id) && id[14] === '7' && '89ab'.includes(id[19] ?? '-'))).to.be.true;
    expect(ids).to.deep.equal([...new Set(ids)].sort());
  });
});
