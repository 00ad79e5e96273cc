import { randomUUID } from 'node:crypto';

/** The format in which an incoming X-Request-Id is accepted. */
export const acceptableId = /^[\w.-]{1,128}$/;

/** The incoming id if its format is accepted, otherwise a new UUID. */
export const requestIdOf = (incoming: string): string =>
  acceptableId.test(incoming) ? incoming : randomUUID();
