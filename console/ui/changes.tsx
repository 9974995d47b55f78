/** Who changed what on a site, the newest first. */
import type { Audit } from '../../clients/typescript/client.ts';
import { siteRequest } from '../api/site.ts';
import { number, type Sentence, say } from '../i18n/language.ts';
import { settingWords, valueWords } from '../i18n/setting-words.ts';
import { dateTime } from '../i18n/time.ts';
import { More, usePages } from './pages.tsx';

type Entry = Audit['entries'][number];
type Change = Entry['changes'][number];

export function Changes({ siteId }: { siteId: string }) {
  const pages = usePages(
    async (cursor, signal) => {
      const query = cursor === undefined ? '' : `?${new URLSearchParams({ cursor })}`;
      const { value } = await siteRequest<Audit>(siteId, 'GET', `/audit${query}`, { signal });
      return { rows: value.entries, cursor: value.cursor };
    },
    [siteId],
  );
  return (
    <>
      {pages.rows.length > 0 && (
        <ol class="changes">
          {pages.rows.map((entry) => (
            <li key={entry.at} class="change">
              <p class="muted small">
                <time dateTime={entry.at}>{dateTime(entry.at)}</time> · <bdi>{whoWords(entry.by)}</bdi>
              </p>
              <ul class="plain-list">
                {entry.changes.map((change) => (
                  <li key={JSON.stringify(change)} dir="auto">
                    {changeWords(change)}
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ol>
      )}
      {pages.first && pages.rows.length === 0 && !pages.isLoading && pages.error === undefined && (
        <div class="empty">
          <p>
            {say({
              it: 'Nell’ultimo anno non è cambiato nulla.',
              en: 'Nothing has changed in the last year.',
            })}
          </p>
        </div>
      )}
      <More pages={pages} />
    </>
  );
}

const PLATFORM: Sentence = { it: 'la piattaforma', en: 'the platform' };
/** With a link that was made with the platform's key: mostly it is the merchant. */
const FROM_PASSWEB: Sentence = {
  it: 'dalla console, entrando da Passweb',
  en: 'in the console, coming from Passweb',
};

function whoWords({ caller, keyId, name, via }: Entry['by']): string {
  if (caller === 'terminal') return say({ it: 'l’assistenza', en: 'the support' });
  const key = name ?? keyId;
  if (caller === 'platform') {
    const ofPlatform = key === undefined ? '' : ` (${key})`;
    return (via === undefined ? say(PLATFORM) : say(FROM_PASSWEB)) + ofPlatform;
  }
  const shop =
    key === undefined
      ? say({ it: 'il negozio', en: 'the shop' })
      : say({ it: `il negozio, con la chiave “${key}”`, en: `the shop, with the key “${key}”` });
  return via === undefined ? shop : shop + say({ it: ', da questa console', en: ', in this console' });
}

function changeWords(change: Change): string {
  switch (change.action) {
    case 'site-created':
      return say({ it: 'Sito creato', en: 'Site created' });
    case 'site-deleted':
      return say({ it: 'Sito cancellato', en: 'Site deleted' });
    case 'setting-changed':
      return settingChange(change);
    case 'key-added':
      return say({ it: `Chiave aggiunta: ${keyName(change)}`, en: `Key added: ${keyName(change)}` });
    case 'key-removed':
      return say({ it: `Chiave tolta: ${keyName(change)}`, en: `Key removed: ${keyName(change)}` });
    case 'bot-saved': {
      const [from, to] = [change.from, change.to].map((username) => (username ? `@${username}` : undefined));
      if (from === undefined || from === to)
        return say({ it: `Bot salvato: ${to ?? '–'}`, en: `Bot saved: ${to ?? '–'}` });
      return say({ it: `Bot: da ${from} a ${to ?? 'nessuno'}`, en: `Bot: from ${from} to ${to ?? 'none'}` });
    }
    case 'template-created':
      return say({
        it: `Messaggio creato: ${change.template.name}`,
        en: `Message created: ${change.template.name}`,
      });
    case 'template-deleted':
      return say({
        it: `Messaggio cancellato: ${change.template.name}`,
        en: `Message deleted: ${change.template.name}`,
      });
    case 'template-changed': {
      const fields = change.fields.map(templateField).join(', ');
      return say({
        it: `Messaggio cambiato: ${change.template.name} (${fields})`,
        en: `Message changed: ${change.template.name} (${fields})`,
      });
    }
    case 'templates-changed':
      return say({
        it: `Messaggi cambiati: ${number(change.count)}`,
        en: `Messages changed: ${number(change.count)}`,
      });
    default:
      // A later release may know more.
      return (change as { action: string }).action;
  }
}

/** Values that are personal, or long, are not kept: then the setting alone is named. */
function settingChange({ field, from, to }: Extract<Change, { action: 'setting-changed' }>): string {
  const name = settingWords(field);
  if (from === undefined && to === undefined) return say({ it: `${name}: cambiato`, en: `${name}: changed` });
  const [was, is] = [valueWords(field, from), valueWords(field, to)];
  // It is a sentence of its own, with a "from" and a "to".
  if (field === 'quietHours' || field === 'cartSeries')
    return say({ it: `${name}: ${is} (prima: ${was})`, en: `${name}: ${is} (before: ${was})` });
  return say({ it: `${name}: da ${was} a ${is}`, en: `${name}: from ${was} to ${is}` });
}

function keyName({ keyId, name }: { keyId: string; name?: string }): string {
  return name === undefined ? keyId : `${name} (${keyId})`;
}

const TEMPLATE_FIELDS = {
  name: { it: 'nome', en: 'name' },
  event: { it: 'avviso', en: 'notice' },
  enabled: { it: 'acceso o spento', en: 'on or off' },
  statuses: { it: 'stati', en: 'statuses' },
  groups: { it: 'gruppi', en: 'groups' },
  audience: { it: 'a chi', en: 'to whom' },
  text: { it: 'testo', en: 'text' },
  button: { it: 'pulsante', en: 'button' },
  buttonStyle: { it: 'colore del pulsante', en: 'colour of the button' },
  secondButton: { it: 'secondo pulsante', en: 'second button' },
  secondButtonUrl: { it: 'pagina del secondo pulsante', en: 'page of the second button' },
  trackingButton: { it: 'pulsante del codice di tracking', en: 'button of the tracking code' },
  rich: { it: 'tabella degli articoli', en: 'table of the articles' },
  card: { it: 'un solo messaggio per ordine', en: 'one message for an order' },
  digestMinutes: { it: 'raccolta degli avvisi di una cartella', en: 'collecting the notices of a folder' },
  step: { it: 'quale messaggio sul carrello', en: 'which message about the cart' },
  couponCode: { it: 'codice del coupon', en: 'code of the coupon' },
  couponButton: { it: 'pulsante del coupon', en: 'button of the coupon' },
};

function templateField(field: string): string {
  const known = Object.entries(TEMPLATE_FIELDS).find(([name]) => name === field);
  return known ? say(known[1]) : field;
}
