import { v7 } from 'uuid';
import type { ClockAndIds } from '../../application/ports/clock-and-ids.ts';
import { isInstant } from '../../domain/instant.ts';
import { isTaskId } from '../../domain/task.ts';

/** The machine's clock, and UUIDv7 (RFC 9562, section 5.7) with the package's monotonic counter. */
export const systemClockAndIds: ClockAndIds = {
  now: () => checked(new Date().toISOString(), isInstant),
  newTaskId: () => checked(v7(), isTaskId),
};

const checked = <Value extends string>(text: string, is: (text: string) => text is Value): Value => {
  if (!is(text)) throw new Error(`The system returned an invalid value: ${text}`);
  return text;
};
