import { randomUUID } from 'node:crypto';

/** What an incoming X-Request-Id must be to be kept. */
export const acceptableId = /^[\w.-]{1,128}$/;

/** The incoming one where it is acceptable, else a new one. */
export const requestIdOf = (incoming: string): string =>
  acceptableId.test(incoming) ? incoming : randomUUID();
