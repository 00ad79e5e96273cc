import type { Permissions } from '../../../application/ports/token-verifier.ts';
import type { User } from '../../../domain/user.ts';
import type { JsonSchema } from './json-schema.ts';

export type Arguments = Readonly<Record<string, unknown>>;

/** A tool as data: the server, the isolation matrix and the fuzzer are made from it. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** What the token must allow. Without it the tool is not listed. */
  readonly needs: keyof Permissions;
  /** What hosts show to people before they allow a call. */
  readonly annotations: {
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly idempotentHint: boolean;
  };
  readonly input: ObjectSchema;
  readonly output: ObjectSchema;
  /** Throws as the use cases do, and `InvalidInput`. The user is that of the token, and never one of the arguments. */
  readonly run: (user: User, args: Arguments) => Promise<ToolResult>;
}

/** The JSON Schema of an object. Hosts refuse `anyOf`, `allOf` and `oneOf` beside `properties`. */
export interface ObjectSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
}

export interface ToolResult {
  /** A sentence for people, without texts of tasks. */
  readonly text: string;
  readonly content: Readonly<Record<string, unknown>>;
}
