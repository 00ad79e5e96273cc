import { v7 } from 'uuid';
import type { ClockAndIds } from '../../application/ports/clock-and-ids.ts';
import { isInstant, isTaskId } from '../../domain/task.ts';

/** The machine's clock, and UUIDv7 (RFC 9562, section 5.7) with the package's monotonic counter. */
export const systemClockAndIds: ClockAndIds = {
  now: () => certain(new Date().toISOString(), isInstant),
  newTaskId: () => certain(v7(), isTaskId),
};

const certain = <Value extends string>(text: string, is: (text: string) => text is Value): Value => {
  if (!is(text)) throw new Error(`The system gave ${text}`);
  return text;
};
