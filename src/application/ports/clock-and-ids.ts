import type { Instant } from '../../domain/instant.ts';
import type { TaskId } from '../../domain/task.ts';

/** The clock and the source of ids, which a test can replace. */
export interface ClockAndIds {
  /** The current time. */
  now(): Instant;
  /** A new UUIDv7 (RFC 9562, section 5.7). It sorts after all earlier ones of this process. */
  newTaskId(): TaskId;
}
