import { context, propagation, trace } from '@opentelemetry/api';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** Node's `fetch` publishes each request on this channel before it is sent. */
const channel = 'undici:request:create';

/** Adds `traceparent` to every request sent by `fetch`, until the returned function is called. */
export const passTraceOn = (): (() => void) => {
  subscribe(channel, inject);
  return () => void unsubscribe(channel, inject);
};

const inject = (message: unknown): void => {
  if (trace.getActiveSpan() === undefined) return;
  const fields: Record<string, string> = {};
  propagation.inject(context.active(), fields);
  for (const [name, value] of Object.entries(fields)) addHeader(message, name, value);
};

const addHeader = (message: unknown, name: string, value: string): void => {
  if (typeof message !== 'object' || message === null || !('request' in message)) return;
  const { request } = message;
  if (typeof request !== 'object' || request === null || !('addHeader' in request)) return;
  if (typeof request.addHeader === 'function') Reflect.apply(request.addHeader, request, [name, value]);
};
