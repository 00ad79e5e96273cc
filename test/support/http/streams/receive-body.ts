import { request } from 'node:http';

/** What arrives of a body that is sent while it is made; `isComplete` is whether the chunked body has its end. */
export const receiveBody = (
  { port }: { readonly port: number },
  path: string,
  token: string,
): Promise<{ text: string; isComplete: boolean }> =>
  new Promise((resolve) => {
    const headers = { authorization: `Bearer ${token}` };
    request({ port, host: '127.0.0.1', path, headers, agent: false })
      .on('error', () => resolve({ text: '', isComplete: false })) // closed before anything was sent
      .on('response', (response) => {
        let text = '';
        response.on('error', () => undefined);
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.once('close', () => resolve({ text, isComplete: response.complete }));
      })
      .end();
  });
