import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  ConflictError,
  type FieldError,
  InvalidInputError,
  NotFoundError,
  SiteGoneError,
} from '../../domain/errors.ts';
import type { Template } from '../../domain/templates.ts';
import { type Conditions, requireConditions } from '../../http/entity-tag.ts';
import { type Site, updateSite } from '../../store/sites.ts';
import { draftErrors } from './draft-errors.ts';
import { enabledErrors } from './enabled-limit.ts';
import type { TemplateBody } from './schemas.ts';

/** A site is one item of DynamoDB, of 400 KB at most. Templates may take most of it. */
const MAX_TEMPLATES_BYTES = 300_000;
const MAX_TEMPLATES = 200;

/** A template as the API shows it. */
export type TemplateView = Omit<Template, 'version'>;

/** The version that `If-Match` is compared with. It changes with this template only. */
export function versionOf({ version }: Template): number {
  return version ?? 0;
}

export function templateView({ version: _, ...template }: Template): TemplateView {
  return template;
}

/** @throws NotFoundError */
export function findTemplate({ templates }: Pick<Site, 'templates'>, templateId: string): Template {
  const template = templates.find(({ id }) => id === templateId);
  if (template) return template;
  throw new NotFoundError('This site has no template with this id. GET …/templates lists those that it has.');
}

/**
 * Adds a template to a site.
 *
 * @param now ISO 8601: carts that were abandoned before get no message from it.
 * @throws InvalidInputError that names what is wrong, ConflictError where the id is taken or there is no more room.
 */
export async function createTemplate(siteId: string, body: TemplateBody, now: string): Promise<Template> {
  const templateId = body.id ?? randomBytes(12).toString('base64url');
  const site = await updateSite(siteId, (site) => {
    const taken = site.templates.find(({ id }) => id === templateId);
    // An id that was made here is random: this request has written it a moment ago, and the answer of DynamoDB was lost.
    if (taken && body.id === undefined) return {};
    const wanted = toTemplate(templateId, body, true);
    const errors = [
      ...draftErrors(body, site),
      ...fixedErrors(body, { id: templateId, createdAt: undefined }),
      ...enabledErrors(wanted, site.templates),
    ];
    if (errors.length > 0) throw new InvalidInputError(errors);
    if (taken) {
      throw new ConflictError(
        `This site already has a template "${templateId}". Choose another id, leave it out, or PUT this one.`,
      );
    }
    const template = { ...wanted, createdAt: now, version: nextVersion(site) };
    return { templates: withinRoom([...site.templates, template]) };
  });
  return findTemplate(site ?? gone(), templateId);
}

/**
 * Replaces a template. Its id and time of creation stay; with another event it counts as created now.
 *
 * @throws InvalidInputError that names what is wrong, NotFoundError, ConflictError, OutdatedError
 */
export async function replaceTemplate(
  siteId: string,
  templateId: string,
  body: TemplateBody,
  { now, ...conditions }: Conditions & { now: string },
): Promise<Template> {
  const site = await updateSite(siteId, (site) => {
    const known = findTemplate(site, templateId);
    const createdAt = known.event === body.event ? known.createdAt : now;
    const wanted: Template = {
      ...toTemplate(templateId, body, known.enabled),
      ...(createdAt && { createdAt }),
      ...(known.version !== undefined && { version: known.version }),
    };
    const errors = [
      ...draftErrors(body, site, known),
      ...fixedErrors(body, known),
      ...enabledErrors(wanted, site.templates, known),
    ];
    if (errors.length > 0) throw new InvalidInputError(errors);
    requireConditions(conditions, versionOf(known), () => differences(wanted, known));
    if (isDeepStrictEqual(wanted, known)) return {};
    const changed = { ...wanted, version: nextVersion(site) };
    return { templates: withinRoom(site.templates.map((other) => (other === known ? changed : other))) };
  });
  return findTemplate(site ?? gone(), templateId);
}

/** Removes a template. @throws NotFoundError, OutdatedError */
export async function removeTemplate(
  siteId: string,
  templateId: string,
  conditions: Conditions,
): Promise<void> {
  await updateSite(siteId, (site) => {
    const known = findTemplate(site, templateId);
    requireConditions(conditions, versionOf(known));
    return { templates: site.templates.filter((other) => other !== known) };
  });
}

/** The site existed when its key was checked. */
function gone(): never {
  throw new SiteGoneError();
}

/** The version that the site has once this change is written. */
function nextVersion({ version = 0 }: Site): number {
  return version + 1;
}

/** @param isEnabled used where the body does not say it. */
function toTemplate(id: string, body: TemplateBody, isEnabled: boolean): Template {
  const { name, event, enabled = isEnabled, statuses = [], groups = [], text, button = {} } = body;
  return {
    id,
    name,
    event,
    enabled,
    ...(statuses.length > 0 && { statuses }),
    ...(groups.length > 0 && { groups }),
    text,
    ...(Object.keys(button).length > 0 && { button }),
  };
}

/** The fields that a caller may send back as they were read, but not change. */
function fixedErrors(
  body: TemplateBody,
  known: { id: string; createdAt?: string | undefined },
): FieldError[] {
  const errors: FieldError[] = [];
  if (body.id !== undefined && body.id !== known.id) {
    errors.push({ pointer: '/id', detail: `The id of a template stays "${known.id}": leave it out.` });
  }
  if (body.createdAt !== undefined && body.createdAt !== known.createdAt) {
    const detail = 'The time of creation is noted by this API and can not be chosen: leave it out.';
    errors.push({ pointer: '/createdAt', detail });
  }
  return errors;
}

const FIELDS = ['name', 'event', 'enabled', 'statuses', 'groups', 'text', 'button'] as const;

/** The fields in which a template that somebody else has changed differs from the one that was sent. */
function differences(sent: Template, known: Template): FieldError[] {
  return FIELDS.filter((field) => !isDeepStrictEqual(sent[field], known[field])).map((field) => ({
    pointer: `/${field}`,
    detail: 'Is not what you sent: read the template again to see what it is now.',
  }));
}

function withinRoom(templates: Template[]): Template[] {
  if (templates.length > MAX_TEMPLATES) {
    throw new ConflictError(
      `A site has at most ${MAX_TEMPLATES} templates. Delete one that is no longer needed.`,
    );
  }
  const bytes = Buffer.byteLength(JSON.stringify(templates));
  if (bytes <= MAX_TEMPLATES_BYTES) return templates;
  throw new ConflictError(
    `The templates of this site would take ${Math.ceil(bytes / 1000)} KB, and there is room for ${MAX_TEMPLATES_BYTES / 1000} KB: shorten them, or delete one that is no longer needed.`,
  );
}
