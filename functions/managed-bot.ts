import { toString as toQrCode } from 'qrcode';
import type { SentenceLanguage } from '../lib/domain/sentence.ts';
import {
  type HttpRequest,
  type HttpResponse,
  jsonResponse,
  NO_CONTENT,
  originOf,
} from '../lib/http/request.ts';
import { httpHandler, route } from '../lib/http/route.ts';
import { inThat, languageOf } from '../lib/http/spoken.ts';
import { renewToken } from '../lib/sites/managed/renew-token.ts';
import {
  beginManagedBot,
  findManagedBot,
  giveUpManagedBot,
  type ManagedBotView,
  managedBotView,
} from '../lib/sites/managed/request.ts';
import { goOn } from '../lib/sites/managed/set-up.ts';
import { ownAddresses } from '../lib/sites/own-addresses.ts';
import { emptyBody, managedBotBody } from '../lib/sites/schemas.ts';
import { siteResponse } from '../lib/sites/view.ts';
import { managerUsername } from '../lib/telegram/manager-bot.ts';

const path = '/v1/sites/{siteId}/bot/managed';

/** A dozen calls to Telegram. */
const cost = 20;

/**
 * The way to a bot without @BotFather, with the help of the manager bot. Only this function, and the one that takes the
 * manager bot's updates, have its token.
 */
export const routes = [
  route({
    method: 'POST',
    path,
    caller: 'site',
    freshSite: true,
    cost,
    body: managedBotBody,
    bodyOptional: true,
    async handle({ request, site, body, by }) {
      const own = ownAddresses(originOf(request));
      const begun = await beginManagedBot(site, body, { own, by });
      return withCodes(201, managedBotView(begun.request, begun.manager, languageOf(request)), request);
    },
  }),
  route({
    method: 'GET',
    path,
    caller: 'site',
    async handle({ request, site }) {
      const found = await goOn(await findManagedBot(site), ownAddresses(originOf(request)));
      return withCodes(200, managedBotView(found, managerUsername() ?? '', languageOf(request)), request);
    },
  }),
  route({
    method: 'DELETE',
    path,
    caller: 'site',
    async handle({ site }) {
      await giveUpManagedBot(site);
      return NO_CONTENT;
    },
  }),
  route({
    method: 'POST',
    path: '/v1/sites/{siteId}/bot/renew',
    caller: 'site',
    freshSite: true,
    cost,
    body: emptyBody,
    bodyOptional: true,
    async handle({ request, site, by }) {
      return siteResponse(200, await renewToken(site, { own: ownAddresses(originOf(request)), by }));
    },
  }),
] as const;

/** The links as QR codes too: the person has the telephone, and the console is on another screen. */
async function withCodes(status: number, view: ManagedBotView, request: HttpRequest): Promise<HttpResponse> {
  const { url, newBotUrl } = view;
  const codes = {
    ...(url !== undefined && { qr: await toQrCode(url, { type: 'svg' }) }),
    ...(newBotUrl !== undefined && { newBotQr: await toQrCode(newBotUrl, { type: 'svg' }) }),
  };
  const language: SentenceLanguage = languageOf(request);
  return jsonResponse(status, { ...view, ...codes }, inThat(language));
}

export const handler = httpHandler(routes);
