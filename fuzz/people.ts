/** Two sites whose keys the requests use, one whose data must never be disclosed, and their people. */
import { EVENT_NAMES } from '../lib/domain/events.ts';
import type { Template } from '../lib/domain/templates.ts';
import type { Delivery } from '../lib/store/deliveries.ts';
import type { Site } from '../lib/store/sites.ts';
import type { StoredUser } from '../lib/store/stored-user.ts';
import { encryptToken } from '../lib/telegram/token-encryption.ts';
import { demoSite } from '../local/demo.ts';
import type { BotAccount, StartedChat } from '../local/emulator/types.ts';
import { keyHash, templatesWithMessageText } from '../tests/support/fixtures.ts';

/** It is in every text of the foreign site, in lower or upper case. No request contains it. */
export const MARKER = 'zq7xmarker';

export const SITE_KEYS = {
  demo: 'pwtg_key-of-demo',
  strano: 'pwtg_key-of-strano',
  altro: 'pwtg_key-of-altro',
} as const;
export type KnownSite = keyof typeof SITE_KEYS;
/** The ids of the keys in the API. */
export const KEY_IDS = Object.values(SITE_KEYS).map((key) => keyHash(key).slice(0, 8));
/** The sites whose keys requests may use. */
export const OWN_SITES = ['demo', 'strano'] as const;
export const FOREIGN_SITE = 'altro';

export const PLATFORM_KEY = 'platform-fuzz';
export const WEBHOOK_SECRETS: Record<KnownSite, string> = {
  demo: 'webhook-secret-demo',
  strano: 'webhook-secret-strano',
  altro: 'webhook-secret-altro',
};
export const LOGIN_SECRET = 'oidc-segreto';

export const BOTS: BotAccount[] = [
  { id: 100, token: '100:demo', username: 'demo_shop_bot', first_name: 'Demo Shop' },
  { id: 200, token: '200:nuovo', username: 'nuovo_bot', first_name: 'Nuovo' },
  { id: 300, token: '300:altro', username: 'altro_bot', first_name: 'Altro' },
];
const BOT_OF: Record<KnownSite, BotAccount | undefined> = { demo: BOTS[0], strano: BOTS[1], altro: BOTS[2] };

/** Chats of people: numbers that no answer may contain. The last two belong to nobody. */
export const CHATS = [
  8_800_001_001, 8_800_001_002, 8_800_001_003, 8_800_001_004, 8_800_001_005, 8_800_001_006, 8_800_002_001,
  8_800_003_001, 8_800_003_002, -8_800_004_001,
];
const [ANNA = 0, BRUNO = 0, CARLA = 0, ELENA = 0, FABIO = 0, GINO = 0, UGO = 0] = CHATS;

/** Every chat has started every bot. */
export const STARTED_CHATS: StartedChat[] = BOTS.flatMap(({ token }) =>
  CHATS.map((chatId) => ({ botToken: token, chatId, user: { id: Math.abs(chatId), first_name: 'Zoe' } })),
);

/** The people who may get messages; the others are not linked, opted out, or unreachable. */
export const REACHABLE = ['anna', 'bruno', 'carla'];

/** Needs `BOT_TOKEN_KEY` in the environment; so do the others. */
export function sites(): Site[] {
  return [
    ownSite('demo'),
    // With a second key, known only by its hash: one of the two may be removed.
    { ...ownSite('strano'), keyHashes: [SITE_KEYS.strano, 'forgotten'].map(keyHash) },
    {
      ...ownSite(FOREIGN_SITE),
      name: `Bottega ${MARKER}`,
      url: `https://${MARKER}.example`,
      merchantContact: `info@${MARKER}.example`,
      telegramGroups: [MARKER],
      templates: demoSite().templates.map((template) => marked(template)),
    },
  ];
}

function ownSite(siteId: KnownSite): Site {
  const bot = BOT_OF[siteId];
  return {
    ...demoSite(),
    siteId,
    keyHashes: [keyHash(SITE_KEYS[siteId])],
    ...(bot && {
      bot: {
        id: String(bot.id),
        username: bot.username,
        sealedToken: encryptToken(bot.token, siteId),
        webhookSecretHash: keyHash(WEBHOOK_SECRETS[siteId]),
      },
    }),
    telegramLogin: { sealedClientSecret: encryptToken(LOGIN_SECRET, siteId) },
    templates: templatesWithMessageText().map(decorated),
  };
}

/** With formatting of every kind around the merchant's text. */
function decorated(template: Template): Template {
  const text = Object.fromEntries(
    Object.entries(template.text).map(([language, written]) => [
      language,
      `${written}\n<i>{{nome}}</i> <u><s>{{nominativo}}</s></u> <code>{{cognome}}</code> <pre>{{urlSito}}</pre>` +
        '<blockquote>{{nominativo}}</blockquote><tg-spoiler>{{nome}}</tg-spoiler> <a href="https://shop.example/x">{{nome}}</a>',
    ]),
  );
  return { ...template, text };
}

function marked(template: Template): Template {
  const text = Object.fromEntries(Object.keys(template.text).map((language) => [language, MARKER]));
  return { ...template, name: MARKER, text };
}

/** Every site has the same people, linked with the same chats: they differ only by site. */
export function people(): StoredUser[] {
  return sites().flatMap(({ siteId }) => peopleOf(siteId));
}

function peopleOf(siteId: string): StoredUser[] {
  const isForeign = siteId === FOREIGN_SITE;
  const linked = (userId: string, chatId: number, more: Partial<StoredUser> = {}): StoredUser => ({
    siteId,
    userId,
    chatId,
    siteChat: `${siteId}#${chatId}`,
    firstName: isForeign ? MARKER : `${userId} <b>&amp;`,
    lastName: isForeign ? MARKER : '{{nome}}',
    username: isForeign ? MARKER : userId,
    language: userId === 'bruno' ? 'en' : 'it',
    linkedAt: '2026-11-22T10:00:00.000Z',
    linkedBy: 'deep-link',
    ...more,
  });
  return [
    linked('anna', ANNA),
    linked('bruno', BRUNO),
    linked('carla', CARLA),
    linked('elena', ELENA, { optedOut: true, optedOutBy: 'user', optedOutAt: '2026-11-22T10:00:00.000Z' }),
    linked('fabio', FABIO, { mutedEvents: [...EVENT_NAMES] }),
    linked('gino', GINO, { unreachable: { reason: 'blocked', since: '2026-11-22T10:00:00.000Z' } }),
    { siteId, userId: 'dario', firstName: isForeign ? MARKER : 'Dario' },
    ...(isForeign ? [linked('ugo', UGO)] : []),
  ];
}

/** Ids of deliveries of each site, and their places in the log. */
export const DELIVERY_IDS: Record<KnownSite, string[]> = {
  demo: ['demo-1', 'demo-2', 'demo-3'],
  strano: ['strano-1'],
  altro: ['altro-1', 'altro-2'],
};
const RECORDED_AT = '2026-11-22T10:00:00.000Z';

export const CURSORS = Object.values(DELIVERY_IDS)
  .flat()
  .map((deliveryId) => Buffer.from(`${RECORDED_AT} ${deliveryId}`).toString('base64url'));

export function deliveries(): Delivery[] {
  return Object.entries(DELIVERY_IDS).flatMap(([siteId, ids]) =>
    ids.map((deliveryId): Delivery => {
      const eventId = siteId === FOREIGN_SITE ? `${MARKER}-${deliveryId}` : `event-${deliveryId}`;
      const userId = 'anna';
      const templateId = siteId === FOREIGN_SITE ? MARKER : 'default-order-status';
      const facts = { siteId, deliveryId, eventId, event: 'order-status', templateId, userId, attempts: 1 };
      return { ...facts, status: 'sent', messageId: 7, chatId: ANNA, recordedAt: RECORDED_AT };
    }),
  );
}

/** The token of a site's bot; for an unknown site, the demo site's. */
export function tokenOf(siteId: string): string {
  return (BOT_OF[siteId as KnownSite] ?? BOTS[0])?.token ?? '';
}
