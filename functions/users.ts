import { toString as toQrCode } from 'qrcode';
import { DEFAULT_LIMIT, readCursor, toCursor } from '../lib/deliveries/log-parameters.ts';
import { noticesFor } from '../lib/domain/staff.ts';
import { jsonResponse, NO_CONTENT } from '../lib/http/request.ts';
import { costOfPeople, limitRequests } from '../lib/http/request-limit.ts';
import { httpHandler, route } from '../lib/http/route.ts';
import { inThat, languageOf } from '../lib/http/spoken.ts';
import { eraseUser } from '../lib/store/erase.ts';
import { readSite, type Site, type SiteWithBot, sendingBot } from '../lib/store/sites.ts';
import { findUser } from '../lib/store/users.ts';
import { changeUser } from '../lib/users/change-user.ts';
import { noBot, unknownUser, widgetError } from '../lib/users/errors.ts';
import { exportUser } from '../lib/users/export.ts';
import { importBody } from '../lib/users/import-schemas.ts';
import { importUsers } from '../lib/users/import-users.ts';
import { createLinkToken, deepLink, startCommand } from '../lib/users/link-token.ts';
import { listPeople } from '../lib/users/list-people.ts';
import { readPeopleCursor, toPeopleCursor } from '../lib/users/people-cursor.ts';
import { renameUser } from '../lib/users/rename.ts';
import {
  exportQuery,
  linkBody,
  peopleQuery,
  readUserId,
  readWrittenUserId,
  renameBody,
  unlinkQuery,
  userPatch,
  widgetBody,
  widgetFieldsOf,
} from '../lib/users/schemas.ts';
import { endLinks } from '../lib/users/unlink.ts';
import { userState } from '../lib/users/user-state.ts';
import { linkByWidget } from '../lib/users/widget-linking.ts';

const path = '/v1/sites/{siteId}/users/{userId}';

/**
 * The users of a site: links, state, settings, erasure. State, opt-out and erasure also work while the site is switched
 * off: a person may ask for them at any time.
 */
export const routes = [
  route({
    method: 'GET',
    path: '/v1/sites/{siteId}/users',
    caller: 'site',
    query: peopleQuery,
    async handle({ site, query: { query = '', state, cursor, limit } }) {
      const search = { query, state, limit: limit === undefined ? DEFAULT_LIMIT : Number(limit) };
      const after = cursor === undefined ? undefined : readPeopleCursor(cursor, search);
      const { users, next, counts, isUpdating } = await listPeople(site, search, after);
      const more = next && { cursor: toPeopleCursor(next) };
      return jsonResponse(200, { users, ...more, counts, ...(isUpdating && { updating: true }) });
    },
  }),
  route({
    method: 'POST',
    path: '/v1/sites/{siteId}/users/import',
    caller: 'site',
    // The bot must be the present one. A shop is imported before it is switched on: nothing is sent here.
    freshSite: true,
    body: importBody,
    consequence: { en: 'Nobody was imported', it: 'Non è stato importato nessuno' },
    async handle({ request, site, body: { botId, users } }) {
      await limitRequests(site.siteId, costOfPeople(users.length));
      const language = languageOf(request);
      return jsonResponse(200, await importUsers(site, botId, users, language), inThat(language));
    },
  }),
  route({
    method: 'POST',
    path: `${path}/link`,
    caller: 'site',
    activeOnly: true,
    body: linkBody,
    bodyOptional: true,
    async handle(input) {
      const site = await withBot(input.site);
      const userId = readWrittenUserId(input.path.userId);
      const { token, expiresAt } = await createLinkToken(site, { userId, ...input.body });
      const url = deepLink(site.bot, token);
      const qr = await toQrCode(url, { type: 'svg' });
      return jsonResponse(201, { url, token, startCommand: startCommand(token), expiresAt, qr });
    },
  }),
  route({
    method: 'POST',
    path: `${path}/telegram-login`,
    caller: 'site',
    activeOnly: true,
    body: widgetBody,
    isTelegrams: true,
    async handle(input) {
      const site = await withBot(input.site);
      const userId = readWrittenUserId(input.path.userId);
      const person = { userId, groups: input.body.groups };
      const linking = await linkByWidget(site, person, widgetFieldsOf(input.body), Date.now());
      if (linking.kind !== 'linked') throw widgetError(linking.kind);
      return jsonResponse(200, userState(linking.user, site.bot));
    },
  }),
  route({
    method: 'GET',
    path,
    caller: 'site',
    async handle({ site, path }) {
      const user = await findUser(site.siteId, readUserId(path.userId));
      if (!user) throw unknownUser();
      return jsonResponse(200, userState(user, site.bot));
    },
  }),
  route({
    method: 'GET',
    path: `${path}/export`,
    caller: 'site',
    query: exportQuery,
    // What is kept about a person (GDPR, articles 15 and 20), as far as the tables know it.
    async handle({ site, path, query }) {
      const key = { siteId: site.siteId, userId: readUserId(path.userId) };
      const after = query.cursor === undefined ? undefined : readCursor(query.cursor);
      const exported = await exportUser(key, after, new Date(Date.now()));
      if (!exported) throw unknownUser();
      const { next, ...all } = exported;
      const staff = noticesFor(site, exported.userId);
      const more = { ...(staff.length > 0 && { staff }), ...(next && { cursor: toCursor(next) }) };
      return jsonResponse(200, { ...all, ...more });
    },
  }),
  route({
    method: 'PATCH',
    path,
    caller: 'site',
    body: userPatch,
    exists: isKnown,
    async handle({ site: { siteId, bot }, path, body }) {
      const userId = readWrittenUserId(path.userId);
      const user = await changeUser({ siteId, userId }, body, new Date(Date.now()).toISOString());
      if (!user) throw unknownUser();
      return jsonResponse(200, userState(user, bot));
    },
  }),
  route({
    method: 'DELETE',
    path: `${path}/link`,
    caller: 'site',
    query: unlinkQuery,
    async handle({ site: { siteId }, path, query: { chat } }) {
      const key = { siteId, userId: readUserId(path.userId) };
      if (!(await endLinks(key, chat === undefined ? undefined : Number(chat)))) throw unknownUser();
      return NO_CONTENT;
    },
  }),
  route({
    method: 'POST',
    path: `${path}/rename`,
    caller: 'site',
    body: renameBody,
    async handle({ site: { siteId }, path, body }) {
      await renameUser({ siteId, userId: readUserId(path.userId) }, body.userId);
      return NO_CONTENT;
    },
  }),
  route({
    method: 'DELETE',
    path,
    caller: 'site',
    exists: isKnown,
    // Erases a person from every table (GDPR, article 17), and answers how many items there were.
    async handle({ site: { siteId }, path }) {
      const userId = readUserId(path.userId);
      const erased = await eraseUser({ siteId, userId });
      if (Object.values(erased).every((count) => count === 0)) throw unknownUser();
      return jsonResponse(200, { userId, erased });
    },
  }),
] as const;

async function isKnown({ site, path }: { site: Site; path: { userId: string } }): Promise<boolean> {
  return (await findUser(site.siteId, readUserId(path.userId))) !== undefined;
}

async function withBot(site: Site): Promise<SiteWithBot> {
  // A bot that was saved a moment ago may not be in the cached site.
  const current = sendingBot(site) ? site : ((await readSite(site.siteId)) ?? site);
  const bot = sendingBot(current);
  if (!bot) throw noBot(current.bot);
  return { ...site, bot };
}

export const handler = httpHandler(routes);
