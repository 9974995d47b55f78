import { isDeepStrictEqual } from 'node:util';
import { conditionalUpdate, deleteItem, getItem, putItem, queryPage } from '../aws/dynamodb.ts';
import { inParallel } from '../aws/parallel.ts';
import type { Actor } from '../domain/actor.ts';
import type { Template } from '../domain/templates.ts';

/*
 * The former versions of templates. The present one lies in the site's item, with when and by whom it was made. Before a
 * change of the site takes its place there, it is put here. So no version is ever lost, and none is here that was never in
 * force: also if the change then fails, what lies here is the version in force. A template of the former release gets its
 * first version from what was there.
 */

/** So many versions of a template are shown, the present one among them. */
export const SHOWN_VERSIONS = 20;

/** The versions of a deleted template are kept for a year: seconds. */
const KEPT_SECONDS = 365 * 24 * 3_600;

interface StoredVersion {
  siteId: string;
  key: string;
  template: Template;
}

/** The version of the site in which a template was last changed; 0 for one that never was. */
export function versionOf({ version = 0 }: Template): number {
  return version;
}

/** No id of a template has a "#". The version of a site has fewer digits. */
function keyOf({ id, version = 0 }: Pick<Template, 'id' | 'version'>): string {
  return `${id}#${String(version).padStart(15, '0')}`;
}

/** What happens to the templates of a site by a change. */
export interface TemplateChanges {
  /** Those that are replaced or removed, as they are. */
  former: Template[];
  removed: string[];
  added: string[];
}

export function templateChanges(before: Template[], after: Template[]): TemplateChanges {
  const present = new Map(after.map((template) => [template.id, template]));
  const known = new Set(before.map(({ id }) => id));
  return {
    former: before.filter((template) => !isDeepStrictEqual(template, present.get(template.id))),
    removed: before.flatMap(({ id }) => (present.has(id) ? [] : [id])),
    added: after.flatMap(({ id }) => (known.has(id) ? [] : [id])),
  };
}

/** The templates after a change, those that it changes with when and by whom. */
export function withAuthor(
  before: Template[],
  after: Template[],
  { at, by }: { at: string; by: Actor | undefined },
): Template[] {
  const known = new Map(before.map((template) => [template.id, template]));
  return after.map((template) => {
    // What a newer release adds to the templates of a former one is nobody's change: it has no version.
    if (template.version === known.get(template.id)?.version) return template;
    const { changedBy: _, ...rest } = template;
    return { ...rest, changedAt: at, ...(by && { changedBy: by }) };
  });
}

/** Keeps templates as they are, before they are replaced. It may be repeated. @throws ServiceUnreachableError */
export async function fileVersions(siteId: string, former: Template[]): Promise<void> {
  await inParallel(former, PARALLEL, async (template) => {
    await putItem('TEMPLATE_VERSIONS_TABLE', { siteId, key: keyOf(template), template });
  });
}

const PARALLEL = 8;

/**
 * After a change: removes what is beyond the last versions, and has the versions of removed templates expire. Where it is not
 * done, some versions more are kept, until the template is changed again or its site erased.
 *
 * @throws ServiceUnreachableError
 */
export async function tidyVersions(
  siteId: string,
  { former, removed, added }: TemplateChanges,
): Promise<void> {
  const expiresAt = Math.floor(Date.now() / 1_000) + KEPT_SECONDS;
  const ids = [...new Set([...former.map(({ id }) => id), ...added])];
  await inParallel(ids, PARALLEL, async (id) => {
    const { items } = await queryVersions(siteId, id, { Limit: 2 * SHOWN_VERSIONS });
    const isRemoved = removed.includes(id);
    for (const [index, { key }] of items.entries()) {
      if (index >= SHOWN_VERSIONS) await deleteItem('TEMPLATE_VERSIONS_TABLE', { siteId, key });
      else if (isRemoved || added.includes(id))
        await setExpiry({ siteId, key }, isRemoved ? expiresAt : undefined);
    }
  });
}

async function setExpiry(key: { siteId: string; key: string }, expiresAt: number | undefined): Promise<void> {
  await conditionalUpdate('TEMPLATE_VERSIONS_TABLE', key, {
    UpdateExpression: expiresAt === undefined ? 'REMOVE expiresAt' : 'SET expiresAt = :at',
    ConditionExpression: 'attribute_exists(siteId)',
    ...(expiresAt !== undefined && { ExpressionAttributeValues: { ':at': expiresAt } }),
    ReturnValues: 'NONE',
  });
}

/**
 * The last versions of a template, newest first.
 *
 * @param present as it is in the site; `undefined` if it was deleted.
 * @throws ServiceUnreachableError
 */
export async function findVersions(
  siteId: string,
  templateId: string,
  present: Template | undefined,
): Promise<Template[]> {
  const { items } = await queryVersions(siteId, templateId, { Limit: SHOWN_VERSIONS });
  const former = items
    .map(({ template }) => template)
    .filter((template) => !present || versionOf(template) !== versionOf(present));
  return [...(present ? [present] : []), ...former].slice(0, SHOWN_VERSIONS);
}

/** One former version. @throws ServiceUnreachableError */
export async function findVersion(
  siteId: string,
  templateId: string,
  version: number,
): Promise<Template | undefined> {
  const key = keyOf({ id: templateId, version });
  return (await getItem<StoredVersion>('TEMPLATE_VERSIONS_TABLE', { siteId, key }))?.template;
}

function queryVersions(siteId: string, templateId: string, { Limit }: { Limit: number }) {
  return queryPage<StoredVersion>('TEMPLATE_VERSIONS_TABLE', {
    KeyConditionExpression: 'siteId = :siteId AND begins_with(#key, :template)',
    ExpressionAttributeNames: { '#key': 'key' },
    ExpressionAttributeValues: { ':siteId': siteId, ':template': `${templateId}#` },
    ConsistentRead: true,
    ScanIndexForward: false,
    Limit,
  });
}
