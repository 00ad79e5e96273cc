import type { Observer } from '../../../application/ports/observer.ts';
import type { RequestDeadline } from '../../../application/ports/request-deadline.ts';
import type { User } from '../../../domain/user.ts';
import type { Arguments, Tool } from './tool.ts';
import { isServerFailure, toToolError } from './tool-error.ts';

interface CallOptions {
  readonly user: User;
  readonly requestId: string;
  readonly deadline: RequestDeadline;
  readonly observe: Observer;
  /** Called where the result is that of an earlier call with the same key. */
  readonly onReplay: () => void;
}

/** A result in the form of the protocol (`CallToolResult`). */
interface CallResult extends Record<string, unknown> {
  readonly content: { type: 'text'; text: string }[];
  readonly structuredContent: Record<string, unknown>;
  readonly isError?: true;
}

/** Calls a tool within the time limit of a request. Never rejects: an error is a result, so that a model can act on it. */
export const callTool = async (tool: Tool, args: Arguments, options: CallOptions): Promise<CallResult> => {
  const { user, requestId, deadline, observe, onReplay } = options;
  try {
    const { text, content } = await deadline.limit(() => tool.run(user, args));
    if (content['replayed'] === true) onReplay();
    return resultOf(text, { ...content });
  } catch (error) {
    const found = toToolError(error);
    if (isServerFailure(found)) observe({ type: 'failure', requestId, code: found.code, error });
    return { ...resultOf(`${found.code}: ${found.detail}`, { error: found }), isError: true };
  }
};

/** The content twice: hosts that do not pass structured content on give the text to the model. */
const resultOf = (text: string, structuredContent: Record<string, unknown>): CallResult => ({
  content: [
    { type: 'text', text },
    { type: 'text', text: JSON.stringify(structuredContent) },
  ],
  structuredContent,
});
