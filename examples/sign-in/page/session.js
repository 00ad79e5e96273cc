/*
 * The session is a cookie that scripts cannot read (HttpOnly). The token for Taskhold is kept in memory alone: it is fetched
 * with the cookie, and again when it has expired.
 */

/**
 * The token function of a client, for one sign-in of one user. It never returns the token of another user: where another tab
 * has changed the session, or ended it, it throws, and the document gets the event `signed-out`.
 */
export const accessTokenOf = (user, signal) => {
  let token;
  let fetching;
  const fetchToken = async () => {
    const response = await fetch('/api/auth/token', { signal });
    if (!response.ok && response.status !== 401) throw new Error('The sign-in does not respond.');
    const fetched = response.ok ? (await response.json()).token : undefined;
    signal.throwIfAborted();
    if (fetched === undefined || subjectOf(fetched) !== user.id) {
      document.dispatchEvent(new Event('signed-out'));
      throw new Error('You are not signed in.');
    }
    return (token = fetched);
  };
  return (reason) => {
    if (reason === 'refused') token = undefined;
    if (token !== undefined) return token;
    fetching ??= fetchToken().finally(() => (fetching = undefined));
    return fetching;
  };
};

/** The user that a token names. Taskhold verifies the token; here it is only read. */
const subjectOf = (token) =>
  JSON.parse(atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/'))).sub;

const retryMs = 3_000;

/** The user of the session, or null. Repeats the request until it succeeds: a failure is no sign-out. `onFailure` gets a text. */
export const currentUser = async (onFailure) => {
  for (;;) {
    const response = await fetch('/api/auth/get-session').catch(() => undefined);
    if (response?.ok) return (await response.json())?.user ?? null;
    onFailure('The sign-in does not respond. Trying again…');
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
};

export const signUp = ({ email, password }) =>
  post('/api/auth/sign-up/email', { email, password, name: email.split('@')[0] });

export const signIn = ({ email, password }) => post('/api/auth/sign-in/email', { email, password });

export const signOut = () => post('/api/auth/sign-out', {});

const post = async (path, body) => {
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
  if (response.ok) return;
  const { message, detail } = await response.json().catch(() => ({}));
  throw new Error(message ?? detail ?? 'The sign-in does not respond.');
};
