import type { RequestListener } from 'node:http';

interface HoldableListener {
  readonly listener: RequestListener;
  /** From this call on new requests wait. Returns a function that releases them. */
  readonly hold: () => () => void;
}

/** A listener whose requests can be made to wait for a moment; sets `lifecycle.isHolding` meanwhile. */
export const holdable = (handle: RequestListener, lifecycle: { isHolding: boolean }): HoldableListener => {
  let held: Parameters<RequestListener>[] | null = null;
  return {
    listener: (request, response) => {
      if (held === null) handle(request, response);
      else held.push([request, response]);
    },
    hold: () => {
      held ??= [];
      lifecycle.isHolding = true;
      return () => {
        lifecycle.isHolding = false;
        const waiting = held ?? [];
        held = null;
        // A client that has left gets no answer, and its response would never be counted as sent.
        for (const [request, response] of waiting) if (!response.destroyed) handle(request, response);
      };
    },
  };
};
