import { isDeepStrictEqual } from 'node:util';
import { deleteItem, getItem, putItem, queryPage, scanPage } from '../aws/dynamodb.ts';
import type { ChatLink, User, UserKey } from './user.ts';

/*
 * What people and shops have said lately: opt-outs and their taking back, muted events, quiet hours, consent to advertising, unlinked chats, renamings,
 * erasures. It lies apart from the tables that hold its effect. Where one of these is restored from a backup, what was
 * said since is said again (lib/users/replay-statements.ts, docs/runbook.md).
 *
 * Each item is the last word on its matter. It is written before its effect: what was said holds, also if the effect never
 * came about.
 */

/** Longer than backups are kept (35 days): seconds. */
export const KEPT_SECONDS = 40 * 24 * 3600;

/** What a user has said about messages, as a whole. */
export interface Choices {
  optOuts: User['optOuts'];
  optedIn?: User['optedIn'];
  endedStops?: User['endedStops'];
  mutedEvents: string[];
  quietHours?: User['quietHours'];
  marketingConsent?: User['marketingConsent'];
  /** The chats that they have, by the first number of each. */
  chats: { chatId: number; stopped?: ChatLink['stopped']; resumedAt?: string }[];
}

/** A statement about a user. */
export type Statement = UserKey & {
  /** When it was made, ISO 8601. */
  at: string;
} & ({ kind: 'choices'; choices: Choices } | { kind: 'renamed'; to: string } | { kind: 'erased' });

type Kind = Statement['kind'];

interface StoredStatement {
  siteId: string;
  /** The kind and the id of the user. */
  key: string;
  at: string;
  choices?: Choices;
  to?: string;
}

function keyOf({ siteId, userId }: UserKey, kind: Kind): { siteId: string; key: string } {
  return { siteId, key: `${kind}#${userId}` };
}

/** The number that a chat had first: a group that becomes a supergroup gets another one, and nobody has said anything. */
export function firstChatId({ chatId, formerChatIds }: ChatLink): number {
  return formerChatIds?.[0] ?? chatId;
}

function choicesOf(user: User): Choices {
  const { optOuts, optedIn, endedStops, mutedEvents, quietHours, marketingConsent, chats, renamed } = user;
  if (renamed) return NOTHING;
  const { person, shop } = optOuts;
  return {
    optOuts: { ...(person && { person }), ...(shop && { shop }) },
    ...(optedIn && { optedIn }),
    ...(endedStops && { endedStops }),
    mutedEvents: mutedEvents ?? [],
    ...(quietHours && { quietHours }),
    ...(marketingConsent && { marketingConsent }),
    chats: chats.map((link) => ({
      chatId: firstChatId(link),
      ...(link.stopped && { stopped: link.stopped }),
      ...(link.resumedAt !== undefined && { resumedAt: link.resumedAt }),
    })),
  };
}

const NOTHING: Choices = { optOuts: {}, mutedEvents: [], chats: [] };

/** Whether something is said by which a user would get fewer messages. */
export function hasObjection({ optOuts, mutedEvents, marketingConsent, chats }: Choices): boolean {
  const isOptedOut = optOuts.person !== undefined || optOuts.shop !== undefined;
  const isObjecting = mutedEvents.length > 0 || marketingConsent?.given === false;
  return isOptedOut || isObjecting || chats.some(({ stopped }) => stopped);
}

/** Whether a change of a user is a statement: it changes their choices. A new user who objects to nothing has said none. */
export function isStatement(user: User, before: User | undefined): boolean {
  if (user.renamed) return false;
  const choices = choicesOf(user);
  const isNew = before === undefined || before.renamed !== undefined;
  return isNew ? hasObjection(choices) : !isDeepStrictEqual(choices, choicesOf(before));
}

/** @throws ServiceUnreachableError */
export async function recordChoices(user: User): Promise<void> {
  await record(keyOf(user, 'choices'), { choices: choicesOf(user) });
}

/** @throws ServiceUnreachableError */
export async function recordRenaming(user: UserKey, to: string): Promise<void> {
  await record(keyOf(user, 'renamed'), { to });
}

/** @throws ServiceUnreachableError */
export async function recordErasure(user: UserKey): Promise<void> {
  await record(keyOf(user, 'erased'), {});
}

/**
 * Of who is erased only the ids stay, not their choices.
 *
 * @param until when they were erased, ISO 8601: what was said since then is somebody else's.
 * @throws ServiceUnreachableError
 */
export async function forgetChoices(user: UserKey, until: string): Promise<void> {
  await deleteItem('STATEMENTS_TABLE', keyOf(user, 'choices'), {
    ConditionExpression: '#at <= :until',
    ExpressionAttributeNames: { '#at': 'at' },
    ExpressionAttributeValues: { ':until': until },
  });
}

async function record(key: { siteId: string; key: string }, what: object): Promise<void> {
  const now = Date.now();
  const expiresAt = Math.floor(now / 1_000) + KEPT_SECONDS;
  await putItem('STATEMENTS_TABLE', { ...key, at: new Date(now).toISOString(), ...what, expiresAt });
}

/** All statements about users since a time (ISO 8601), in no order. It reads the whole table: for an operator's command. */
export async function* statementsSince(time: string): AsyncGenerator<Statement> {
  let from: Record<string, unknown> | undefined;
  do {
    const page = await scanPage<StoredStatement>('STATEMENTS_TABLE', {
      ConsistentRead: true,
      FilterExpression: '#at >= :time AND #siteId <> :sites',
      ExpressionAttributeNames: { '#at': 'at', '#siteId': 'siteId' },
      ExpressionAttributeValues: { ':time': time, ':sites': SITES },
      ...(from && { ExclusiveStartKey: from }),
    });
    yield* page.items.map(toStatement);
    from = page.next;
  } while (from);
}

function toStatement({ siteId, key, at, choices = NOTHING, to = '' }: StoredStatement): Statement {
  const end = key.indexOf('#');
  const kind = key.slice(0, end) as Kind;
  const statement = { siteId, userId: key.slice(end + 1), at };
  if (kind === 'choices') return { ...statement, kind, choices };
  return kind === 'renamed' ? { ...statement, kind, to } : { ...statement, kind };
}

/** The partition of the erasures of sites. No site has this id. */
const SITES = '#sites';

/** The erasure of a site: that it was said, and how far it has come. */
export interface SiteErasure {
  siteId: string;
  /** When the site was shut, ISO 8601. */
  at: string;
  /** Its rows are gone: whoever gets the id now has nothing to do with it. */
  isDone?: true;
  /** Where the work goes on. */
  progress?: SiteErasureProgress;
}

interface SiteErasureProgress {
  stage: string;
  /** When this pass over the rows has begun, ISO 8601. */
  begunAt: string;
  /** The key after which it goes on; absent: from the beginning of the stage. */
  from?: Record<string, unknown> | undefined;
}

interface StoredSiteErasure extends Omit<SiteErasure, 'siteId'> {
  siteId: typeof SITES;
  key: string;
}

/** @throws ServiceUnreachableError */
export async function findSiteErasure(siteId: string): Promise<SiteErasure | undefined> {
  const stored = await getItem<StoredSiteErasure>('STATEMENTS_TABLE', { siteId: SITES, key: siteId });
  return stored && toSiteErasure(stored);
}

/**
 * Begins the erasure of a site that was shut, or leaves it as it is where it has begun.
 *
 * @param at when it was shut, ISO 8601.
 * @throws ServiceUnreachableError
 */
export async function beginSiteErasure(siteId: string, at: string): Promise<void> {
  await putItem(
    'STATEMENTS_TABLE',
    { siteId: SITES, key: siteId, at },
    {
      ConditionExpression: 'attribute_not_exists(#key) OR #at < :at',
      ExpressionAttributeNames: { '#key': 'key', '#at': 'at' },
      ExpressionAttributeValues: { ':at': at },
    },
  );
}

/** Records how far an erasure has come, unless the site was shut anew since. @throws ServiceUnreachableError */
export async function saveSiteErasure({ siteId, ...erasure }: SiteErasure): Promise<void> {
  const expiresAt = Math.floor(Date.now() / 1_000) + KEPT_SECONDS;
  await putItem(
    'STATEMENTS_TABLE',
    // One that is open is never forgotten.
    { ...erasure, siteId: SITES, key: siteId, ...(erasure.isDone && { expiresAt }) },
    { ConditionExpression: '#at = :at', ...named(erasure.at) },
  );
}

function named(at: string) {
  return { ExpressionAttributeNames: { '#at': 'at' }, ExpressionAttributeValues: { ':at': at } };
}

/** The sites that were erased in the last 40 days, or are being erased. @throws ServiceUnreachableError */
export async function* siteErasures(): AsyncGenerator<SiteErasure> {
  let from: Record<string, unknown> | undefined;
  do {
    const page = await queryPage<StoredSiteErasure>('STATEMENTS_TABLE', {
      ConsistentRead: true,
      KeyConditionExpression: 'siteId = :sites',
      ExpressionAttributeValues: { ':sites': SITES },
      ...(from && { ExclusiveStartKey: from }),
    });
    yield* page.items.map(toSiteErasure);
    from = page.next;
  } while (from);
}

function toSiteErasure({ key, at, isDone, progress }: StoredSiteErasure): SiteErasure {
  return { siteId: key, at, ...(isDone && { isDone }), ...(progress && { progress }) };
}
