import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';

const FILES: Record<string, { name: string; type: string }> = {
  '/': { name: 'index.html', type: 'text/html; charset=utf-8' },
  '/style.css': { name: 'style.css', type: 'text/css; charset=utf-8' },
  '/page.js': { name: 'page.js', type: 'text/javascript; charset=utf-8' },
  '/view.js': { name: 'view.js', type: 'text/javascript; charset=utf-8' },
  '/samples.js': { name: 'samples.js', type: 'text/javascript; charset=utf-8' },
  '/dialogs.js': { name: 'dialogs.js', type: 'text/javascript; charset=utf-8' },
  '/icon.svg': { name: 'icon.svg', type: 'image/svg+xml' },
};

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
  const file = FILES[pathname];
  if (file === undefined) return false;
  const content = await readFile(join(import.meta.dirname, 'page', file.name));
  response.writeHead(200, {
    'content-type': file.type,
    'content-length': content.length,
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'cache-control': 'no-cache',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  response.end(content);
  return true;
}
