import middy from '@middy/core';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { toString as toQrCode } from 'qrcode';
import { activeSite } from '../lib/http/active-site.ts';
import { authenticateSite, type SiteRequest } from '../lib/http/authenticate-site.ts';
import { jsonAnswer } from '../lib/http/json-answer.ts';
import { type JsonRequest, jsonBody } from '../lib/http/json-body.ts';
import { conflict, notFound } from '../lib/http/problem.ts';
import { problemDetails, refuse } from '../lib/http/problem-details.ts';
import type { HttpHandler } from '../lib/http/routes.ts';
import { withTelemetry } from '../lib/observability/telemetry.ts';
import { eraseUser } from '../lib/store/erase.ts';
import { readSite, type Site } from '../lib/store/sites.ts';
import { changeUser, findUser } from '../lib/store/users.ts';
import { createLinkToken } from '../lib/users/link-token.ts';
import { readLinkBody, readUserId, readUserPatch, readWidgetBody } from '../lib/users/schemas.ts';
import { userState } from '../lib/users/user-state.ts';
import { linkByWidget } from '../lib/users/widget-linking.ts';
import { widgetProblem } from '../lib/users/widget-problem.ts';

type Answer = APIGatewayProxyStructuredResultV2;

/** Makes a one-time link to the site's bot, for a user who is logged in to the site. */
async function createLink(request: SiteRequest & JsonRequest): Promise<Answer> {
  const site = await withBot(request.site);
  const userId = readUserId(request.pathParameters?.userId);
  const { token, expiresAt } = await createLinkToken(site, { userId, ...readLinkBody(request.json) });
  const url = `https://t.me/${site.bot.username}?start=${token}`;
  return jsonAnswer(201, { url, token, expiresAt, qr: await toQrCode(url, { type: 'svg' }) });
}

/** Links a user through a login of Telegram's widget. */
async function logIn(request: SiteRequest & JsonRequest): Promise<Answer> {
  const site = await withBot(request.site);
  const userId = readUserId(request.pathParameters?.userId);
  const linking = await linkByWidget(site, userId, readWidgetBody(request.json), Date.now());
  if (linking.kind !== 'linked') throw widgetProblem(linking.kind);
  return jsonAnswer(200, userState(linking.user, site.bot));
}

async function showUser({ site, pathParameters }: SiteRequest): Promise<Answer> {
  const user = await findUser(site.siteId, readUserId(pathParameters?.userId));
  if (!user) throw unknownUser();
  return jsonAnswer(200, userState(user, site.bot));
}

async function patchUser({ site, pathParameters, json: body }: SiteRequest & JsonRequest): Promise<Answer> {
  const userId = readUserId(pathParameters?.userId);
  const change = readUserPatch(body);
  const user = await changeUser({ siteId: site.siteId, userId }, change, new Date().toISOString());
  if (!user) throw unknownUser();
  return jsonAnswer(200, userState(user, site.bot));
}

/** Erases a person from every table (GDPR, article 17), and says what there was. */
async function deleteUser({ site, pathParameters }: SiteRequest): Promise<Answer> {
  const userId = readUserId(pathParameters?.userId);
  const erased = await eraseUser({ siteId: site.siteId, userId });
  if (Object.values(erased).every((count) => count === 0)) throw unknownUser();
  return jsonAnswer(200, { userId, erased });
}

async function withBot(site: Site): Promise<Site & { bot: NonNullable<Site['bot']> }> {
  // A bot that was saved a moment ago is not in what is remembered.
  const bot = site.bot ?? (await readSite(site.siteId))?.bot;
  if (!bot)
    throw conflict('This site has no bot yet: save one with PUT /v1/sites/{siteId}/bot, then link users.');
  return { ...site, bot };
}

function unknownUser() {
  return notFound('No such user is known here: they have never linked Telegram, or were erased.');
}

const site = () => middy().use(problemDetails()).use(authenticateSite());

// What a person asks for themselves (state, opting out, being erased) works also while the site is switched off.
const routes = new Map<string, unknown>([
  [
    'POST /v1/sites/{siteId}/users/{userId}/link',
    site().use(activeSite()).use(jsonBody({})).handler(createLink),
  ],
  [
    'POST /v1/sites/{siteId}/users/{userId}/telegram-login',
    site().use(activeSite()).use(jsonBody()).handler(logIn),
  ],
  ['GET /v1/sites/{siteId}/users/{userId}', site().handler(showUser)],
  ['PATCH /v1/sites/{siteId}/users/{userId}', site().use(jsonBody()).handler(patchUser)],
  ['DELETE /v1/sites/{siteId}/users/{userId}', site().handler(deleteUser)],
]);

/** The users of a site: links, state, settings, erasure. API Gateway has matched the path; its key says which route. */
export const handler: HttpHandler = withTelemetry(async (event, context) => {
  const route = routes.get(event.routeKey) as HttpHandler | undefined;
  if (route) return route(event, context);
  return refuse(notFound('This API has no such method and path.').problem, event);
});
