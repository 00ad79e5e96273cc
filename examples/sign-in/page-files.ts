import { glob, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

interface PageFile {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Scripts, styles and requests come from and go to this server alone; nothing inline runs. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.ts': 'text/javascript; charset=utf-8',
};

const withoutTypes = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };

const page = fileURLToPath(new URL('page/', import.meta.url));
const client = fileURLToPath(new URL('../../client/src/', import.meta.url));

/**
 * The files of the page by their paths, and the client below `/client/`: browsers take its sources once the types are
 * removed. Only these files are served, so that no path can reach another one.
 */
export const pageFiles = async (): Promise<ReadonlyMap<string, PageFile>> => {
  const files = new Map([...(await filesOf(page, '/')), ...(await filesOf(client, '/client/'))]);
  const index = files.get('/index.html');
  return index === undefined ? files : files.set('/', index);
};

const filesOf = async (folder: string, prefix: string): Promise<Map<string, PageFile>> => {
  const files = new Map<string, PageFile>();
  for await (const name of glob('**/*.{html,css,js,ts}', { cwd: folder })) {
    const text = await readFile(`${folder}${name}`, 'utf8');
    const extension = extname(name);
    files.set(`${prefix}${name.replaceAll('\\', '/')}`, {
      headers: {
        'Content-Type': types[extension] ?? '',
        'Content-Security-Policy': policy,
        'Cache-Control': 'no-cache',
      },
      body: extension === '.ts' ? ts.transpile(text, withoutTypes) : text,
    });
  }
  return files;
};
