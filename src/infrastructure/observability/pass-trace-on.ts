import { context, propagation, trace } from '@opentelemetry/api';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** Where Node's `fetch` tells of a request before it is sent. */
const channel = 'undici:request:create';

/** Gives every request that is sent by `fetch` the trace it belongs to (`traceparent`), until it is called off. */
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
