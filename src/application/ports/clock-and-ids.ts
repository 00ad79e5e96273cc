import type { Instant, TaskId } from '../../domain/task.ts';

/** What the use cases take from the world around them, so that a test can say what it is. */
export interface ClockAndIds {
  /** The time of day. */
  now(): Instant;
  /** A UUIDv7 that was never given before and sorts behind those that this process minted earlier. */
  newTaskId(): TaskId;
}
