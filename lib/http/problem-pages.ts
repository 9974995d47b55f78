import type { MiddlewareObj } from '@middy/core';
import { problemDetails } from './error-middleware.ts';
import type { HttpRequest, HttpResponse } from './request.ts';

/**
 * Middleware like `problemDetails`, for an address that people open: where a browser asks for it, the answer is a page with
 * the same sentence, and not JSON. It must be the first.
 */
export function problemPages(): MiddlewareObj<HttpRequest, HttpResponse> {
  const problems = problemDetails();
  return {
    onError: async function answerWithPage(request) {
      await problems.onError?.(request);
      const { event, response } = request;
      if (response && /\btext\/html\b/i.test(event.headers.accept ?? '')) request.response = pageOf(response);
    },
  };
}

function pageOf({ body = '', headers, ...answer }: HttpResponse): HttpResponse {
  const { detail } = JSON.parse(String(body)) as { detail: string };
  const language = String(headers?.['content-language'] ?? 'en');
  const policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
  return {
    ...answer,
    headers: {
      ...headers,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'cache-control': 'no-store',
    },
    body: `<!doctype html>
<html lang="${language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Telegram</title>
<style>:root { color-scheme: light dark; font: 17px/1.5 system-ui, sans-serif; } body { max-width: 30rem; margin: 15vh auto; padding: 0 1rem; }</style>
<h1 style="font-size: 1.35rem">${escaped(detail)}</h1>
</html>
`,
  };
}

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
