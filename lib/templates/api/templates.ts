import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type Actor, asSiteSees } from '../../domain/actor.ts';
import {
  ConflictError,
  type FieldError,
  InvalidInputError,
  NotFoundError,
  SiteGoneError,
} from '../../domain/errors.ts';
import type { Sentence } from '../../domain/sentence.ts';
import {
  type LocalizedText,
  MAX_ENABLED_TEMPLATES,
  type OrderCard,
  TEMPLATE_FIELDS,
  type Template,
} from '../../domain/templates.ts';
import { type Conditions, requireConditions } from '../../http/entity-tag.ts';
import { underCanonicalTags } from '../../i18n/languages.ts';
import { type Site, type SiteChange, toneOf, updateSite } from '../../store/sites.ts';
import { findVersion, findVersions, versionOf } from '../../store/template-versions.ts';
import { templatesOf, withAudience } from '../audiences.ts';
import { defaultOf } from '../template-kinds.ts';
import { draftErrors } from './draft-errors.ts';
import { enabledErrors } from './enabled-limit.ts';
import type { TemplateBody, TemplatePatch, TextsPatch } from './schemas.ts';

/** A site is one item of DynamoDB, of 400 KB at most. Templates may take most of it. */
const MAX_TEMPLATES_BYTES = 300_000;
const MAX_TEMPLATES = 200;

/** A template as the API shows it. */
export type TemplateView = Omit<Template, 'version' | 'changedAt' | 'changedBy'>;

export function templateView({
  version: _,
  changedAt: _at,
  changedBy: _by,
  ...template
}: Template): TemplateView {
  return template;
}

/** Who changes a template, and under which conditions. */
export interface Editing extends Conditions {
  by: Actor;
  /** ISO 8601. */
  now: string;
}

/** @throws NotFoundError */
export function findTemplate(site: Pick<Site, 'templates' | 'tone'>, templateId: string): Template {
  const template = templatesOf(site).find(({ id }) => id === templateId);
  if (template) return template;
  throw unknownTemplate();
}

function unknownTemplate(): NotFoundError {
  const text = {
    en: 'This site has no template with this id. GET …/templates lists those that it has. If it was deleted, GET …/versions of it shows what it was, and POST …/restore brings it back.',
    it: 'Questo sito non ha un modello con questo id. GET …/templates elenca quelli che ha. Se è stato eliminato, il suo GET …/versions mostra come era, e POST …/restore lo riporta.',
  };
  return new NotFoundError(text, 'unknown-template');
}

/**
 * Adds a template to a site.
 *
 * @param now ISO 8601: carts that were abandoned before get no message from it.
 * @throws InvalidInputError that names what is wrong, ConflictError where the id is taken or there is no more room.
 */
export async function createTemplate(
  siteId: string,
  body: TemplateBody,
  { by, now }: Pick<Editing, 'by' | 'now'>,
): Promise<Template> {
  const templateId = body.id ?? randomBytes(12).toString('base64url');
  const change = (site: Site) => {
    const taken = site.templates.find(({ id }) => id === templateId);
    // An id that was made here is random: this request has written it a moment ago, and the answer of DynamoDB was lost.
    if (taken && body.id === undefined) return {};
    const wanted = toTemplate(templateId, body);
    const errors = [
      ...draftErrors(body, site),
      ...fixedErrors(body, { id: templateId, createdAt: undefined }),
      ...enabledErrors(wanted, site.templates),
    ];
    if (errors.length > 0) throw new InvalidInputError(errors);
    if (taken) throw templateIdTaken(templateId);
    const template = { ...wanted, createdAt: now, version: nextVersion(site) };
    return { templates: withinRoom([...site.templates, template]) };
  };
  const site = await updateTemplates(siteId, change, by);
  return findTemplate(site ?? gone(), templateId);
}

/**
 * Replaces a template. Its id and time of creation stay; with another event it counts as created now.
 *
 * @throws InvalidInputError that names what is wrong, NotFoundError, ConflictError, OutdatedError
 */
export function replaceTemplate(
  siteId: string,
  templateId: string,
  body: TemplateBody,
  editing: Editing,
): Promise<Template> {
  return changeTemplate(siteId, templateId, () => body, editing);
}

/** Changes some fields of a template (RFC 7396). @throws as `replaceTemplate` */
export function patchTemplate(
  siteId: string,
  templateId: string,
  patch: TemplatePatch,
  editing: Editing,
): Promise<Template> {
  return changeTemplate(siteId, templateId, (known) => patched(known, patch), editing);
}

async function changeTemplate(
  siteId: string,
  templateId: string,
  bodyFor: (known: Template) => TemplateBody,
  { now, by, ...conditions }: Editing,
): Promise<Template> {
  const change = (site: Site) => {
    const known = findTemplate(site, templateId);
    const body = bodyFor(known);
    const wanted = inPlaceOf(known, toTemplate(templateId, body, known), now);
    const errors = [
      ...draftErrors(body, site, known),
      ...fixedErrors(body, known),
      ...enabledErrors(wanted, site.templates, known),
    ];
    if (errors.length > 0) throw new InvalidInputError(errors);
    requireConditions(conditions, versionOf(known), () => differences(wanted, known));
    return replacing(known, wanted, site);
  };
  const site = await updateTemplates(siteId, change, by);
  return findTemplate(site ?? gone(), templateId);
}

/** A template with what belongs to the one that it replaces. With another event it counts as created now. */
function inPlaceOf(
  { event, createdAt, version, changedAt, changedBy }: Template,
  wanted: Template,
  now: string,
): Template {
  const created = event === wanted.event ? createdAt : now;
  return {
    ...wanted,
    ...(created && { createdAt: created }),
    ...(version !== undefined && { version }),
    ...(changedAt !== undefined && { changedAt }),
    ...(changedBy && { changedBy }),
  };
}

function replacing(known: Template, wanted: Template, site: Site): SiteChange {
  if (isDeepStrictEqual(wanted, known)) return {};
  const changed = { ...wanted, version: nextVersion(site) };
  return { templates: withinRoom(site.templates.map((other) => (other === known ? changed : other))) };
}

/** What to restore: a version, or the template that a new site has. */
export type Restoring = { version: number } | { default: true };

/**
 * Restores an earlier version of a template, or its default. Whether it is enabled stays as it is, and with the default its
 * groups too. A template that was deleted is there again, as it was in that version.
 *
 * @throws NotFoundError where there is no such version, ConflictError where there is no default or no more room,
 * OutdatedError
 */
export async function restoreTemplate(
  siteId: string,
  templateId: string,
  restoring: Restoring,
  { now, by, ...conditions }: Editing,
): Promise<Template> {
  const former =
    'version' in restoring ? await findVersion(siteId, templateId, restoring.version) : undefined;
  const change = (site: Site) => {
    const known = site.templates.find(({ id }) => id === templateId);
    const isPresent = known && 'version' in restoring && versionOf(known) === restoring.version;
    const found = isPresent ? known : former;
    const content = 'version' in restoring ? found : defaultFor(site, templateId, known);
    if (!content) throw unknownVersion();
    const wanted = toTemplate(templateId, underOurTags(withAudience(content)));
    requireConditions(conditions, known && versionOf(known), () => (known ? differences(wanted, known) : []));
    const restored = known ? inPlaceOf(known, { ...wanted, enabled: known.enabled }, now) : wanted;
    if (enabledErrors(restored, site.templates, known).length > 0) throw tooManyEnabled();
    if (known) return replacing(known, restored, site);
    const template = { ...wanted, createdAt: now, version: nextVersion(site) };
    return { templates: withinRoom([...site.templates, template]) };
  };
  const site = await updateTemplates(siteId, change, by);
  return findTemplate(site ?? gone(), templateId);
}

/** The default of a template with its groups, and with its texts in languages that the default does not have. */
function defaultFor(site: Site, templateId: string, known: Template | undefined): Template {
  const found = defaultOf(known ?? { id: templateId }, toneOf(site));
  if (!found) throw noDefault();
  if (!known) return found;
  const { groups, text, button } = underOurTags(known);
  const isOwn = found.id !== templateId;
  return {
    ...(isOwn ? known : found),
    text: { ...text, ...found.text },
    ...(found.button && { button: { ...button, ...found.button } }),
    ...(groups && { groups }),
  };
}

/** The former release took other forms of the tags: beside ours, its text would be the one that is sent. */
function underOurTags(template: Template): Template {
  const { text, button } = template;
  return {
    ...template,
    text: underCanonicalTags(text),
    ...(button && { button: underCanonicalTags(button) }),
  };
}

export function unknownVersion(): NotFoundError {
  return new NotFoundError(
    {
      en: 'There is no such version of this template. GET …/versions lists those that are kept: the last 20, and those of a deleted template for a year.',
      it: 'Questa versione del modello non esiste. GET …/versions elenca quelle conservate: le ultime 20, e per un anno quelle di un modello eliminato.',
    },
    'no-such-version',
  );
}

export function noDefault(): ConflictError {
  return new ConflictError(
    {
      en: 'Nothing was changed: a new site has no template for this, so there is no default to restore. Restore a version instead: GET …/versions lists them.',
      it: 'Non è stato modificato nulla: un sito nuovo non ha un modello per questo, quindi manca un testo predefinito da ripristinare. Ripristinare invece una versione: GET …/versions le elenca.',
    },
    'no-default',
  );
}

export function tooManyEnabled(): ConflictError {
  const text = {
    en: `Nothing was changed: the template would be enabled, and the site already has ${MAX_ENABLED_TEMPLATES} enabled templates of the kind that it would be, or for its status. Switch one of them off or delete it, and restore this one again.`,
    it: `Non è stato modificato nulla: il modello sarebbe attivo, e il sito ha già ${MAX_ENABLED_TEMPLATES} modelli attivi del tipo che avrebbe, o per il suo stato. Disattivarne o eliminarne uno, e ripristinare di nuovo questo.`,
  };
  return new ConflictError(text, 'too-many-enabled');
}

/** Removes a template. @throws NotFoundError, OutdatedError */
export async function removeTemplate(
  siteId: string,
  templateId: string,
  { by, now: _, ...conditions }: Editing,
): Promise<void> {
  const change = (site: Site) => {
    const known = findTemplate(site, templateId);
    requireConditions(conditions, versionOf(known));
    return { templates: site.templates.filter((other) => other !== known) };
  };
  await updateTemplates(siteId, change, by);
}

/** A version of a template as the API shows it. */
export interface VersionView {
  version: number;
  /** ISO 8601; absent where the former release has made the change. */
  at?: string;
  /** Absent also for a version that came with the site. */
  by?: Actor;
  template: TemplateView;
}

/** The last versions of a template, newest first; also of one that was deleted. @throws NotFoundError */
export async function versionsOf(site: Site, templateId: string): Promise<VersionView[]> {
  const { siteId } = site;
  const present = templatesOf(site).find(({ id }) => id === templateId);
  const versions = await findVersions(siteId, templateId, present);
  if (versions.length === 0) throw unknownTemplate();
  return versions.map(versionView);
}

function versionView(template: Template): VersionView {
  const { version, createdAt, changedBy: by } = template;
  const at = template.changedAt ?? (version === undefined ? createdAt : undefined);
  return {
    version: versionOf(template),
    ...(at !== undefined && { at }),
    ...(by && { by: asSiteSees(by) }),
    template: templateView(withAudience(template)),
  };
}

/** Like `updateSite`, for a change of the templates: it gets them as they are sent. */
function updateTemplates(
  siteId: string,
  change: (site: Site) => SiteChange,
  by: Actor,
): Promise<Site | undefined> {
  return updateSite(siteId, (site) => change({ ...site, templates: templatesOf(site) }), by);
}

/** The site existed when its key was checked. */
function gone(): never {
  throw new SiteGoneError();
}

/** The version that the site has once this change is written. */
function nextVersion({ version = 0 }: Site): number {
  return version + 1;
}

/** A template as a body once it is changed by a patch. */
function patched(known: Template, patch: TemplatePatch): TemplateBody {
  const { text, button, secondButton, trackingButton, couponButton, card, statuses, groups, ...rest } = patch;
  const { buttonStyle = known.buttonStyle, secondButtonUrl = known.secondButtonUrl } = patch;
  const { digestMinutes = known.digestMinutes } = patch;
  const { step = known.step, couponCode = known.couponCode } = patch;
  const { name, event, enabled } = known;
  return {
    ...{ name, event, enabled },
    ...rest,
    statuses: statuses === undefined ? known.statuses : (statuses ?? []),
    groups: groups === undefined ? known.groups : (groups ?? []),
    text: patchedTexts(known.text, text),
    button: patchedTexts(known.button, button),
    buttonStyle: buttonStyle ?? undefined,
    secondButton: patchedTexts(known.secondButton, secondButton),
    secondButtonUrl: secondButtonUrl ?? undefined,
    trackingButton: patchedTexts(known.trackingButton, trackingButton),
    card: patchedCard(known.card, card),
    rich: patch.rich ?? known.rich,
    digestMinutes: digestMinutes ?? undefined,
    step: step ?? undefined,
    couponCode: couponCode ?? undefined,
    couponButton: patchedTexts(known.couponButton, couponButton),
  };
}

function patchedCard(known: OrderCard | undefined, patch: TemplatePatch['card']): OrderCard | undefined {
  if (patch === undefined) return known;
  if (patch === null) return undefined;
  const { newMessageFor = known?.newMessageFor } = patch;
  return newMessageFor ? { newMessageFor } : {};
}

function patchedTexts(known: LocalizedText = {}, patch: TextsPatch | null = {}): LocalizedText {
  if (patch === null) return {};
  // Tags of the former release are written as in the patch.
  const all = { ...underCanonicalTags(known), ...patch };
  const kept = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null);
  return Object.fromEntries(kept);
}

/** @param known the template that it replaces: a caller may not know every field that it has. */
function toTemplate(id: string, body: Omit<TemplateBody, 'warnings'>, known?: Template): Template {
  const {
    name,
    event,
    enabled = known?.enabled ?? true,
    statuses = [],
    groups = [],
    text,
    button = {},
    buttonStyle,
    secondButton = {},
    secondButtonUrl,
    trackingButton = {},
    card,
    rich,
    digestMinutes,
    step = 1,
    couponCode,
    couponButton = {},
  } = body;
  const { audience = known?.audience ?? 'everybody' } = body;
  return {
    id,
    name,
    event,
    enabled,
    ...(statuses.length > 0 && { statuses }),
    ...(groups.length > 0 && { groups }),
    ...(event === 'activity-status' && { audience }),
    text,
    ...(Object.keys(button).length > 0 && { button }),
    ...(buttonStyle && { buttonStyle }),
    ...(Object.keys(secondButton).length > 0 && { secondButton }),
    ...(secondButtonUrl !== undefined && { secondButtonUrl }),
    ...(Object.keys(trackingButton).length > 0 && { trackingButton }),
    ...(card && { card: { ...(card.newMessageFor?.length && { newMessageFor: card.newMessageFor }) } }),
    ...(rich && { rich }),
    ...(digestMinutes !== undefined && { digestMinutes }),
    ...(step > 1 && { step }),
    ...(couponCode !== undefined && { couponCode }),
    ...(Object.keys(couponButton).length > 0 && { couponButton }),
  };
}

/** The fields that a caller may send back as they were read, but not change. */
function fixedErrors(
  body: TemplateBody,
  known: { id: string; createdAt?: string | undefined },
): FieldError[] {
  const errors: FieldError[] = [];
  if (body.id !== undefined && body.id !== known.id) {
    const detail = {
      en: `The id of a template stays "${known.id}": leave it out.`,
      it: `L'id di un modello resta "${known.id}": ometterlo.`,
    };
    errors.push({ pointer: '/id', detail });
  }
  if (body.createdAt !== undefined && body.createdAt !== known.createdAt) {
    const detail = {
      en: 'The time of creation is noted by this API and can not be chosen: leave it out.',
      it: 'Il momento della creazione è annotato da questa API e non si può scegliere: ometterlo.',
    };
    errors.push({ pointer: '/createdAt', detail });
  }
  return errors;
}

/** The fields in which a template that somebody else has changed differs from the one that was sent. */
function differences(sent: Template, known: Template): FieldError[] {
  return TEMPLATE_FIELDS.filter((field) => !isDeepStrictEqual(sent[field], known[field])).map((field) => ({
    pointer: `/${field}`,
    code: 'changed-meanwhile',
    detail: differsNow(known),
  }));
}

/** What an editor reads, and does, whose change would overwrite another one. */
export function differsNow({ changedAt, changedBy }: Pick<Template, 'changedAt' | 'changedBy'>): Sentence {
  const { name, keyId } = changedBy ?? {};
  const key = name === undefined ? keyId : `"${name}" (${keyId})`;
  const when =
    changedAt === undefined
      ? { en: '', it: '' }
      : {
          en: ` The template was last changed at ${changedAt}${key === undefined ? '' : `, with the key ${key}`}.`,
          it: ` L'ultima modifica del modello è del ${changedAt}${key === undefined ? '' : `, con la chiave ${key}`}.`,
        };
  return {
    en: `Is not what you sent.${when.en} Read the template again, put your change into it, and send it with the new ETag; or send your change alone, with PATCH. GET …/versions shows what it was before.`,
    it: `Non è quello inviato.${when.it} Leggere di nuovo il modello, riportarvi la propria modifica e inviarlo con il nuovo ETag; oppure inviare solo la propria modifica, con PATCH. GET …/versions mostra com'era prima.`,
  };
}

function withinRoom(templates: Template[]): Template[] {
  if (templates.length > MAX_TEMPLATES) {
    const text = {
      en: `A site has at most ${MAX_TEMPLATES} templates. Delete one that is no longer needed.`,
      it: `Un sito ha al massimo ${MAX_TEMPLATES} modelli. Eliminarne uno che non serve più.`,
    };
    throw new ConflictError(text, 'too-many-templates');
  }
  const bytes = Buffer.byteLength(JSON.stringify(templates));
  if (bytes <= MAX_TEMPLATES_BYTES) return templates;
  throw noRoom(Math.ceil(bytes / 1000));
}

/** @param kilobytes that the templates would take. */
export function noRoom(kilobytes: number): ConflictError {
  const room = `${MAX_TEMPLATES_BYTES / 1000} KB`;
  const text = {
    en: `The templates of this site would take ${kilobytes} KB, and there is room for ${room}: shorten them, or delete one that is no longer needed.`,
    it: `I modelli di questo sito occuperebbero ${kilobytes} KB, e lo spazio è di ${room}: accorciarli, o eliminarne uno che non serve più.`,
  };
  return new ConflictError(text, 'no-room-for-templates');
}

export function templateIdTaken(templateId: string): ConflictError {
  const text = {
    en: `This site already has a template "${templateId}". Choose another id, leave it out, or PUT this one.`,
    it: `Questo sito ha già un modello "${templateId}". Scegliere un altro id, ometterlo, o usare PUT per questo.`,
  };
  return new ConflictError(text, 'template-id-taken');
}
