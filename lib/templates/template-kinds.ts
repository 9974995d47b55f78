import { TEMPLATE_KINDS, type Template, type TemplateKind } from '../domain/templates.ts';
import { DEFAULT_TONE, type Tone } from '../domain/tone.ts';
import { defaultButton } from './default-buttons.ts';
import { type DefaultText, defaultTexts } from './default-texts.ts';
import { formerDefaultTexts } from './former-default-texts.ts';

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
  { event: 'activity-status', text: 'activityStatus', name: 'Notifica cambio stato attività' },
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
  return DEFAULTS.map(({ event, text, name, id = event, statuses, isOff }) => {
    const button = defaultButton(event, tone);
    return {
      id: `default-${id}`,
      name,
      event,
      enabled: !isOff,
      ...(statuses && { statuses: [...statuses] }),
      text: { ...texts[text] },
      ...(button && { button }),
    };
  });
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
  const other = tone === 'tu' ? 'lei' : 'tu';
  const [former, formerWanted] = [formerDefaultTexts(other), formerDefaultTexts(tone)];
  const byKind = new Map(TEMPLATE_KINDS.map((kind) => [kind, new Map([[former[kind], formerWanted[kind]]])]));
  const wanted = defaultTemplates(tone);
  for (const [index, { event, text, button }] of defaultTemplates(other).entries()) {
    byKind.get(event)?.set(text.it ?? '', wanted[index]?.text.it ?? '');
    if (button) byKind.get(event)?.set(button.it ?? '', wanted[index]?.button?.it ?? '');
  }
  return byKind;
}

/** The same object, if nothing in it is replaced. */
function replaced(texts: Template['text'], replacements = new Map<string, string>()): Template['text'] {
  const isReplaced = (text: string) => (replacements.get(text) ?? text) !== text;
  if (!Object.values(texts).some(isReplaced)) return texts;
  const entries = Object.entries(texts).map(([language, text]) => [language, replacements.get(text) ?? text]);
  return Object.fromEntries(entries);
}
