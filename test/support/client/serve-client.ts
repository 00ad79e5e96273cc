import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import ts from 'typescript';
import { listening } from '../http/listening.ts';

const withoutTypes = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
const sources = new URL('../../../client/src/', import.meta.url);

/**
 * Serves an empty page, and below `/client/` the sources of the client without their types, under their own names, so that a
 * browser runs exactly these sources. Returns the address of the page.
 */
export const serveClient = async (undo: AsyncDisposableStack): Promise<string> => {
  const server = createServer((request, response) => {
    const [, path] = /^\/client\/([\w/-]+\.ts)$/.exec(request.url ?? '') ?? [];
    if (path === undefined) {
      response.setHeader('Content-Type', 'text/html').end('<!doctype html><link rel="icon" href="data:,">');
      return;
    }
    readFile(new URL(path, sources), 'utf8').then(
      (text) => response.setHeader('Content-Type', 'text/javascript').end(ts.transpile(text, withoutTypes)),
      () => response.writeHead(404).end(),
    );
  });
  return `http://localhost:${await listening(server, undo)}/`;
};
