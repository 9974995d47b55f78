import { isDeepStrictEqual } from 'node:util';
import { putItem, queryPage } from '../aws/dynamodb.ts';
import { type Actor, keyIdOf } from '../domain/actor.ts';
import { TEMPLATE_FIELDS, type Template } from '../domain/templates.ts';
import { STAFF_NEWS } from './staff-news.ts';

/*
 * Who changed what on a site. The change and its entry are one write: the entry of the last change lies in the site's own
 * item (`lastChange`), and goes to the audit table right before the next change takes its place there. So an entry is
 * there if, and only if, its change has happened, whatever dies on the way, and a change costs one small write more.
 */

/** What was done. Never a secret, no text of a template, no way to reach a person. */
export type AuditedChange =
  | { action: 'site-created' | 'site-deleted' }
  /** `from` and `to` are there for settings that are no personal data, and not long. */
  | { action: 'setting-changed'; field: string; from?: unknown; to?: unknown }
  | { action: 'key-added' | 'key-removed'; keyId: string; name?: string }
  /** Also for another token of the same bot. `to` is absent where the former state, without a bot, was restored. */
  | { action: 'bot-saved'; from?: string; to?: string }
  | { action: 'template-created' | 'template-deleted'; template: NamedTemplate }
  | { action: 'template-changed'; template: NamedTemplate; fields: string[] }
  /** Many at once, as by another tone. */
  | { action: 'templates-changed'; count: number };

type NamedTemplate = Pick<Template, 'id' | 'name' | 'event'>;

/** The last change of a site, as it lies in the site's item. */
export interface LastChange {
  /** ISO 8601; of two changes of a site no two have the same. */
  at: string;
  by: Actor;
  changes: AuditedChange[];
}

/** The fields of a site that are compared here. */
interface Audited {
  lastChange?: LastChange;
  keyHashes?: string[];
  keyNames?: Record<string, string>;
  bot?: { id: string; username: string; sealedToken: string };
  templates?: Template[];
}

/** The settings whose values are kept. Others may be personal (a contact), or secret: they are only named. */
const SHOWN: ReadonlySet<string> = new Set([
  ...['name', 'url', 'moduleActive', 'active', 'languages', 'defaultLanguage', 'timeZone', 'tone'],
  ...['quietHours', 'abandonedCartHours', 'cartSeries', 'telegramGroups', 'docuvision', 'privacyUrl'],
  ...['messagesPerSecond', 'countClicks'],
]);
/** Longer values are not kept: UTF-16 units of JSON. */
const MAX_VALUE = 300;

/** What is not a setting: it is compared apart, or is no change of its own. */
const OTHERS: ReadonlySet<string> = new Set([
  'lastChange',
  'templates',
  'keyHashes',
  'keyNames',
  'sessions',
  'consoleLinks',
  'bot',
  'formerUrls',
  // What comes of a change.
  ...STAFF_NEWS,
]);

/** The templates that an entry names one by one. */
const MAX_NAMED = 5;
/** Of a template's name, in UTF-16 units. */
const MAX_NAME = 100;

/** The entry of a change of a site. */
export function changeOf({ before, after }: { before: Audited; after: Audited }, by: Actor): LastChange {
  return { at: nextTime(before.lastChange), by, changes: changesBetween(before, after) };
}

/** The entry of the making, or the end, of a site. */
export function lifeOf(
  action: 'site-created' | 'site-deleted',
  by: Actor,
  { keyHashes = [], lastChange }: { keyHashes?: string[]; lastChange?: LastChange } = {},
): LastChange {
  const keys = action === 'site-created' ? keyHashes.map(keyIdOf) : [];
  return {
    at: nextTime(lastChange),
    by,
    changes: [{ action }, ...keys.map((keyId) => ({ action: 'key-added' as const, keyId }))],
  };
}

/** The clocks of two functions may differ: entries are in the order of the changes all the same. */
function nextTime(last: LastChange | undefined): string {
  const after = last === undefined ? 0 : Date.parse(last.at) + 1;
  return new Date(Math.max(Date.now(), after)).toISOString();
}

function changesBetween(before: Audited, after: Audited): AuditedChange[] {
  return [
    ...settingChanges({ ...before }, { ...after }),
    ...keyChanges(before, after),
    ...botChanges(before, after),
    ...templateChanges(before.templates ?? [], after.templates ?? []),
  ];
}

function settingChanges(before: Record<string, unknown>, after: Record<string, unknown>): AuditedChange[] {
  const fields = Object.keys({ ...before, ...after }).filter(
    (field) => !OTHERS.has(field) && !isDeepStrictEqual(before[field], after[field]),
  );
  return fields.map((field) => ({
    action: 'setting-changed',
    field,
    ...shown('from', field, before[field]),
    ...shown('to', field, after[field]),
  }));
}

function shown(name: 'from' | 'to', field: string, value: unknown): object {
  const isShown = value !== undefined && SHOWN.has(field) && JSON.stringify(value).length <= MAX_VALUE;
  return isShown ? { [name]: value } : {};
}

function keyChanges(before: Audited, after: Audited): AuditedChange[] {
  const [former = [], present = []] = [before.keyHashes, after.keyHashes];
  const named = (hash: string, { keyNames = {} }: Audited) => {
    const [keyId, name] = [keyIdOf(hash), keyNames[keyIdOf(hash)]];
    return { keyId, ...(name !== undefined && { name }) };
  };
  const added = present.filter((hash) => !former.includes(hash));
  const removed = former.filter((hash) => !present.includes(hash));
  return [
    ...added.map((hash) => ({ action: 'key-added' as const, ...named(hash, after) })),
    ...removed.map((hash) => ({ action: 'key-removed' as const, ...named(hash, before) })),
  ];
}

function botChanges({ bot: from }: Audited, { bot: to }: Audited): AuditedChange[] {
  if (from?.id === to?.id && from?.sealedToken === to?.sealedToken) return [];
  return [{ action: 'bot-saved', ...(from && { from: from.username }), ...(to && { to: to.username }) }];
}

function templateChanges(before: Template[], after: Template[]): AuditedChange[] {
  const former = new Map(before.map((template) => [template.id, template]));
  const present = new Set(after.map(({ id }) => id));
  const changes: AuditedChange[] = [];
  for (const template of after) {
    const known = former.get(template.id);
    // What a newer release adds to the templates of a former one is nobody's change: it has no version.
    if (template.version === known?.version) continue;
    if (!known) changes.push({ action: 'template-created', template: nameOf(template) });
    else {
      const fields = TEMPLATE_FIELDS.filter((field) => !isDeepStrictEqual(known[field], template[field]));
      if (fields.length > 0) changes.push({ action: 'template-changed', template: nameOf(template), fields });
    }
  }
  for (const template of before)
    if (!present.has(template.id)) changes.push({ action: 'template-deleted', template: nameOf(template) });
  // The entry lies in the site's item, which has its limit.
  return changes.length > MAX_NAMED ? [{ action: 'templates-changed', count: changes.length }] : changes;
}

function nameOf({ id, name, event }: Template): NamedTemplate {
  return { id, name: name.length > MAX_NAME ? `${name.slice(0, MAX_NAME).toWellFormed()}…` : name, event };
}

/** Entries are kept for a year: seconds. */
const KEPT_SECONDS = 365 * 24 * 3_600;

interface StoredEntry extends LastChange {
  siteId: string;
  key: string;
}

/** Puts the entry of a site's last change into the table. It may be repeated. @throws ServiceUnreachableError */
export async function fileLastChange({
  siteId,
  lastChange,
}: {
  siteId: string;
  lastChange?: LastChange;
}): Promise<void> {
  if (!lastChange) return;
  const expiresAt = Math.floor(Date.parse(lastChange.at) / 1_000) + KEPT_SECONDS;
  await putItem('AUDIT_TABLE', { siteId, key: lastChange.at, ...lastChange, expiresAt });
}

export interface AuditQuery {
  siteId: string;
  /** Only entries from this time on (ISO 8601): those before are of another site, which had the id. */
  since?: string | undefined;
  /** Only entries before this one. */
  before?: string | undefined;
  limit: number;
}

/**
 * A page of the entries of a site, newest first.
 *
 * @param last the entry in the site's item, which may not be in the table yet.
 * @returns `next`: the time before which the next page begins.
 * @throws ServiceUnreachableError
 */
export async function findAudit(
  { siteId, since = '', before, limit }: AuditQuery,
  last: LastChange | undefined,
): Promise<{ entries: LastChange[]; next?: string }> {
  const oldest = new Date(Date.now() - KEPT_SECONDS * 1_000).toISOString();
  const from = since > oldest ? since : oldest;
  if (before !== undefined && before < from) return { entries: [] };
  const { items } = await queryPage<StoredEntry>('AUDIT_TABLE', {
    KeyConditionExpression: 'siteId = :siteId AND #key BETWEEN :from AND :to',
    ExpressionAttributeNames: { '#key': 'key' },
    ExpressionAttributeValues: { ':siteId': siteId, ':from': from, ':to': before ?? '9' },
    ConsistentRead: true,
    ScanIndexForward: false,
    // `before` itself is among them, and one more than the limit shows whether there is a next page.
    Limit: limit + 2,
  });
  const isWanted = ({ at }: LastChange) => at >= from && (before === undefined || at < before);
  const filed = items.filter(isWanted);
  const isFiled = filed.some(({ at }) => at === last?.at);
  const all = last && !isFiled && isWanted(last) ? [last, ...filed] : filed;
  const entries = all.slice(0, limit).map(({ at, by, changes }) => ({ at, by, changes }));
  const end = entries.at(-1);
  return { entries, ...(all.length > limit && end && { next: end.at }) };
}
