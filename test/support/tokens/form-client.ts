import { z } from 'zod';

/** What the sign-in answers to a request of a frontend. */
export interface FormAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Readonly<Record<string, unknown>>;
}

export interface FormRequest {
  readonly method?: string;
  /** Sent as JSON. */
  readonly json?: object;
  /** Sent as it is. */
  readonly body?: string | URLSearchParams;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A frontend of this origin, which sends forms and tokens and no cookies. */
export const formClient =
  (origin: string) =>
  async (
    path: string,
    { method = 'POST', json, body, token, headers }: FormRequest = {},
  ): Promise<FormAnswer> => {
    const response = await fetch(origin + path, {
      method,
      headers: {
        ...(json === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: json === undefined ? (body ?? null) : JSON.stringify(json),
    });
    const text = await response.text();
    const parsed: unknown = text === '' ? {} : JSON.parse(text);
    return {
      status: response.status,
      headers: response.headers,
      json: z.record(z.string(), z.unknown()).parse(Array.isArray(parsed) ? { tasks: parsed } : parsed),
    };
  };

export const signedIn = z.strictObject({
  access_token: z.string(),
  token: z.string(),
  refresh_token: z.string(),
  token_type: z.literal('bearer'),
  expires_in: z.literal(900),
  user: z.strictObject({ id: z.string(), email: z.string(), name: z.string() }),
});
