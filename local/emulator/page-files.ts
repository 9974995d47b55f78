import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join } from 'node:path';

const TYPES: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

/** Read once: what is not in the folder at the start is not served, whatever the path says. */
const FILES = new Set(readdirSync(join(import.meta.dirname, 'page')));

/** Messages come from outside: nothing but the page's own files may run or be loaded. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Sends a file of the page; false when there is none at that path. */
export async function servePage(pathname: string, response: ServerResponse): Promise<boolean> {
  const name = pathname === '/' ? 'index.html' : pathname.slice(1);
  const type = TYPES[extname(name).slice(1)];
  if (!FILES.has(name) || type === undefined) return false;
  const content = await readFile(join(import.meta.dirname, 'page', name));
  response.writeHead(200, {
    'content-type': type,
    'content-length': content.length,
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'cache-control': 'no-cache',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  response.end(content);
  return true;
}
