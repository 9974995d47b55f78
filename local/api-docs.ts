/** The API's documentation: docs/openapi.json, shown by Swagger UI. */
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';

const OPENAPI_FILE = join(import.meta.dirname, '../docs/openapi.json');

/** The files of Swagger UI that are served. */
const VIEWER_FILES = ['swagger-ui-bundle.js', 'swagger-ui.css', 'favicon-32x32.png'];

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
};

/** Swagger UI needs inline styles and icons as `data:` URLs; everything else comes from this server. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>passweb-telegram: the API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css">
    <link rel="icon" href="/docs/favicon-32x32.png">
    <style>
      /* This page is for reading: what asks for a key would lead one on. */
      .auth-wrapper, .authorization__btn { display: none !important; }
    </style>
  </head>
  <body>
    <div id="page"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/page.js"></script>
  </body>
</html>
`;

// Read-only: the API is on another port and does not allow requests from other origins.
const SCRIPT = `SwaggerUIBundle({
  url: '/docs/openapi.json',
  dom_id: '#page',
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  docExpansion: 'list',
  supportedSubmitMethods: [],
  validatorUrl: null,
});
`;

/**
 * Sends a file of the documentation. @returns `false` where there is none at that path.
 *
 * @param apiUrl the address of the API, for the examples.
 */
export async function serveApiDocs(
  pathname: string,
  response: ServerResponse,
  apiUrl: string,
): Promise<boolean> {
  const name =
    pathname === '/docs' || pathname === '/docs/' ? 'index.html' : pathname.match(/^\/docs\/([\w.-]+)$/)?.[1];
  if (name === undefined) return false;
  const content = await contentOf(name, apiUrl);
  if (content === undefined) return false;
  response.writeHead(200, {
    'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
    'content-length': Buffer.byteLength(content),
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'cache-control': 'no-cache',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  response.end(content);
  return true;
}

async function contentOf(name: string, apiUrl: string): Promise<string | Buffer | undefined> {
  if (name === 'index.html') return PAGE;
  if (name === 'page.js') return SCRIPT;
  if (name === 'openapi.json') return openApi(apiUrl);
  return VIEWER_FILES.includes(name) ? readFile(join(viewerDirectory(), name)) : undefined;
}

async function openApi(apiUrl: string): Promise<string> {
  const document = JSON.parse(await readFile(OPENAPI_FILE, 'utf8'));
  return JSON.stringify({ ...document, servers: [{ url: apiUrl, description: 'This run' }] });
}

/** Resolved only when it is needed: the run works without it. */
function viewerDirectory(): string {
  return dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
}
