import {
  type Audience,
  comparableStatus,
  TEMPLATE_KINDS,
  type Template,
  type TemplateKind,
} from '../domain/templates.ts';
import { DEFAULT_TONE, TONES, type Tone } from '../domain/tone.ts';
import { defaultButton } from './default-buttons.ts';
import { type DefaultText, defaultTexts, type Words } from './default-texts.ts';
import { formerDefaultTexts, formerFileUploads } from './former-default-texts.ts';
import { defaultSharedButtons, SHARED_BUTTONS, type SharedButtons, sharesButton } from './shared-buttons.ts';

/** Where the button of a sample message leads, below the site's own address. A welcome has none. */
export const SAMPLE_PATHS: Partial<Record<TemplateKind, string>> = {
  'order-status': '/ordini/84512',
  'abandoned-cart': '/carrello',
  'message-sent': '/messaggi/5501',
  'message-read': '/messaggi/5501',
  'activity-status': '/agenda/712',
  'activity-viewed': '/agenda/712',
  'activity-reminder': '/agenda/712',
  'file-upload': '/documenti/listino-2027.pdf',
  'file-download': '/documenti/listino-2027.pdf',
  'file-view': '/documenti/listino-2027.pdf',
};

interface DefaultTemplate {
  event: TemplateKind;
  text: DefaultText;
  name: string;
  /** After `default-`; absent: the kind. */
  id?: string;
  statuses?: string[];
  /** It is there for a merchant who wants it, and switched off. */
  isOff?: true;
  audience?: Audience;
}

/** The statuses of the back office, which tell a customer nothing. */
const INTERNAL_STATUSES = ['Memorizzato', 'Modificato', 'Sospeso', 'Bollato', 'Trasformato', 'Da verificare'];

/** Names as in Passweb's manual, and its order statuses ("Stati dell'ordine"). */
const DEFAULTS: DefaultTemplate[] = [
  order('orderNew', 'Nuovo', 'order-status-nuovo'),
  // The id of the one template for all statuses in the former release.
  order('orderConfirmed', 'Confermato', 'order-status'),
  order('orderFulfilled', 'Evaso', 'order-status-evaso'),
  order('orderInvoiced', 'Fatturato', 'order-status-fatturato'),
  order('orderCancelled', 'Annullato', 'order-status-annullato'),
  order('orderUnpaid', 'Pagamento non confermato', 'order-status-pagamento-non-confermato'),
  {
    event: 'order-status',
    text: 'orderInternal',
    name: 'Notifica Stato Ordine: stati interni',
    id: 'order-status-stati-interni',
    statuses: INTERNAL_STATUSES,
    isOff: true,
  },
  { event: 'abandoned-cart', text: 'abandonedCart', name: 'Notifica carrello abbandonato' },
  { event: 'message-sent', text: 'messageSent', name: 'Notifica invio messaggio' },
  {
    event: 'message-sent',
    text: 'messageSentWithText',
    name: 'Notifica invio messaggio, con il testo del messaggio',
    id: 'message-sent-con-testo',
    isOff: true,
  },
  { event: 'message-read', text: 'messageRead', name: 'Notifica lettura messaggio' },
  {
    event: 'message-read',
    text: 'messageReadWithText',
    name: 'Notifica lettura messaggio, con il testo del messaggio',
    id: 'message-read-con-testo',
    isOff: true,
  },
  {
    event: 'activity-status',
    text: 'activityStatus',
    name: 'Notifica cambio stato attività',
    audience: 'creator',
  },
  {
    event: 'activity-status',
    text: 'activityStatusForRecipients',
    name: 'Notifica cambio stato attività: destinatari',
    id: 'activity-status-destinatari',
    audience: 'recipients',
  },
  { event: 'activity-viewed', text: 'activityViewed', name: 'Notifica presa visione attività' },
  { event: 'activity-reminder', text: 'activityReminder', name: 'Promemoria attività' },
  { event: 'file-upload', text: 'fileUpload', name: 'Notifica Upload File' },
  { event: 'file-download', text: 'fileDownload', name: 'Notifica Download File' },
  { event: 'file-view', text: 'fileView', name: 'Notifica Presa visione File' },
  { event: 'welcome', text: 'welcome', name: 'Messaggio di benvenuto' },
];

function order(text: DefaultText, status: string, id: string): DefaultTemplate {
  return { event: 'order-status', text, name: `Notifica Stato Ordine: ${status}`, id, statuses: [status] };
}

/**
 * The templates that a new site starts with, in Italian and English. Each call makes new objects, which the caller may
 * keep and change.
 */
export function defaultTemplates(tone: Tone = DEFAULT_TONE): Template[] {
  const texts = defaultTexts(tone);
  return DEFAULTS.map(({ event, text, name, id = event, statuses, isOff, audience }) => {
    // The text that all templates of the kind share is a setting of the site.
    const button = sharesButton(event) ? undefined : defaultButton(event, tone);
    return {
      id: `default-${id}`,
      name,
      event,
      enabled: !isOff,
      ...(statuses && { statuses: [...statuses] }),
      ...(audience && { audience }),
      text: { ...texts[text] },
      ...(button && { button }),
    };
  });
}

/**
 * The default of a template: of the same id; else the one that is sent for the same event, and for one of the same statuses.
 *
 * @returns `undefined` if a new site has none.
 */
export function defaultOf(
  { id, event, statuses = [] }: Pick<Template, 'id' | 'statuses'> & { event?: TemplateKind },
  tone: Tone,
): Template | undefined {
  const all = defaultTemplates(tone);
  const managed = new Set(statuses.map(comparableStatus));
  const isFor = (template: Template) =>
    template.event === event &&
    (template.statuses?.some((status) => managed.has(comparableStatus(status))) ?? template.enabled);
  return all.find((template) => template.id === id) ?? all.find(isFor);
}

/**
 * The templates of a site in another tone: every Italian text and button of a default template that the merchant has
 * not changed is replaced, also one of the former release. The others stay as they are.
 *
 * @param version the version of the site with the change: the replaced templates get it.
 */
export function inTone(templates: Template[], tone: Tone, version: number): Template[] {
  const replacements = replacementsFor(tone);
  return templates.map((template) => {
    const text = replaced(template.text, replacements.get(template.event));
    const button = template.button && replaced(template.button, replacements.get(template.event));
    if (text === template.text && button === template.button) return template;
    return { ...template, text, ...(button && { button }), version };
  });
}

/** For each kind: what its default texts and buttons say in the other tone, and what they say in this one. */
function replacementsFor(tone: Tone): Map<TemplateKind, Map<string, string>> {
  const other = otherThan(tone);
  const [former, formerWanted] = [formerDefaultTexts(other), formerDefaultTexts(tone)];
  const byKind = new Map(TEMPLATE_KINDS.map((kind) => [kind, new Map([[former[kind], formerWanted[kind]]])]));
  for (const [index, { it }] of formerFileUploads(other).entries())
    byKind.get('file-upload')?.set(it, formerFileUploads(tone)[index]?.it ?? '');
  const wanted = defaultTemplates(tone);
  for (const [index, { event, text }] of defaultTemplates(other).entries())
    byKind.get(event)?.set(text.it ?? '', wanted[index]?.text.it ?? '');
  for (const kind of TEMPLATE_KINDS) {
    const button = defaultButton(kind, other);
    if (button) byKind.get(kind)?.set(button.it, defaultButton(kind, tone)?.it ?? '');
  }
  return byKind;
}

function otherThan(tone: Tone): Tone {
  return tone === 'tu' ? 'lei' : 'tu';
}

/** The buttons that all templates of a kind share, in another tone, as far as the merchant has not changed them. */
export function sharedButtonsInTone(site: SharedButtons, tone: Tone): SharedButtons {
  const [from, to] = [defaultSharedButtons(otherThan(tone)), defaultSharedButtons(tone)];
  const changed = SHARED_BUTTONS.flatMap((field) => {
    const button = site[field];
    const inTone = new Map([[from[field].it ?? '', to[field].it ?? '']]);
    return button ? [[field, replaced(button, inTone)] as const] : [];
  });
  return Object.fromEntries(changed);
}

/**
 * The templates of a kind without the default texts of their own buttons, so that they show the one that they share.
 *
 * @param version as for `inTone`.
 */
export function withoutDefaultButtons(
  templates: Template[],
  kind: TemplateKind,
  version: number,
): Template[] {
  const defaults = TONES.flatMap((tone) => Object.values({ ...defaultButton(kind, tone) }));
  return templates.map((template) => {
    const { button, ...others } = template;
    if (template.event !== kind || !button) return template;
    const own = Object.entries(button).filter(([, text]) => !defaults.includes(text));
    if (own.length === Object.keys(button).length) return template;
    return { ...others, ...(own.length > 0 && { button: Object.fromEntries(own) }), version };
  });
}

/**
 * The templates for a message about several files. The default texts about downloads and previews speak of one file, and
 * those of former releases about uploads of one new file: where the merchant has not changed them, others are sent.
 */
export function withTextsForFiles(templates: Template[], tone: Tone): Template[] {
  const { fileUpload, fileDownloads, fileViews } = defaultTexts(tone);
  const inAnyTone = TONES.map(defaultTexts);
  const current = new Map([
    ['file-upload', replacing(TONES.flatMap(formerFileUploads), fileUpload)],
    [
      'file-download',
      replacing(
        inAnyTone.map(({ fileDownload }) => fileDownload),
        fileDownloads,
      ),
    ],
    [
      'file-view',
      replacing(
        inAnyTone.map(({ fileView }) => fileView),
        fileViews,
      ),
    ],
  ]);
  return templates.map((template) => {
    const replacements = current.get(template.event);
    return replacements ? { ...template, text: replaced(template.text, replacements) } : template;
  });
}

/** Which texts one text replaces, in both languages. */
function replacing(former: Words[], { it, en }: Words): Map<string, string> {
  return new Map(former.flatMap((words) => [[words.it, it] as const, [words.en, en] as const]));
}

/** The same object, if nothing in it is replaced. */
function replaced(texts: Template['text'], replacements = new Map<string, string>()): Template['text'] {
  const isReplaced = (text: string) => (replacements.get(text) ?? text) !== text;
  if (!Object.values(texts).some(isReplaced)) return texts;
  const entries = Object.entries(texts).map(([language, text]) => [language, replacements.get(text) ?? text]);
  return Object.fromEntries(entries);
}
