/** Links that Telegram would drop, or lead elsewhere. */
import type { Sentence } from '../domain/sentence.ts';
import { checkLink, scanHtml } from '../telegram/html/index.ts';
import { byteOffsetAt, type TemplateProblem } from './mustache-structure.ts';

/**
 * The problems of the links of a text.
 *
 * @param html Telegram's HTML, with filler in place of its placeholders.
 * @param text what was written, with as many bytes before each tag.
 */
export function linkProblems(html: string, text: string): TemplateProblem[] {
  const problems: TemplateProblem[] = [];
  const check = (address: string, start: number) => {
    const byteOffset = Buffer.byteLength(html.slice(0, start));
    const written = writtenAddress(text, byteOffset);
    const wrong = whatIsWrong(address.trim(), written) ?? whatIsWrongWithHost(written);
    if (wrong) problems.push({ detail: wrong, byteOffset });
  };
  // Without an address the text of a link is the address.
  let withoutAddress: { start: number; text: string } | undefined;
  scanHtml(html, {
    text(decoded) {
      if (withoutAddress) withoutAddress.text += decoded;
    },
    open({ name, argument }, start) {
      if (name !== 'a') return;
      if (argument === '') withoutAddress = { start, text: '' };
      else check(argument, start);
    },
    close({ name }) {
      if (name !== 'a' || !withoutAddress) return;
      const { start, text } = withoutAddress;
      withoutAddress = undefined;
      if (checkLink(text.trim()) !== undefined) return;
      problems.push({ detail: NO_ADDRESS, byteOffset: Buffer.byteLength(html.slice(0, start)) });
    },
  });
  return problems;
}

const NO_ADDRESS: Sentence = {
  en: 'This link has no address: write <a href="https://shop.example/ordini">, with href in small letters.',
  it: 'Questo link non ha un indirizzo: scrivere <a href="https://shop.example/ordini">, con href in minuscolo.',
};

/** `shop.example:8443/ordini` has no scheme, but a port. */
const SCHEME = /^(?!(?:[^/?#:]+\.)+[^/?#:]+:\d{1,5}(?:[/?#]|$))(?<name>[a-z][a-z\d+.-]*):/i;
const OPENED = ['http', 'https', 'tg', 'ton', 'tonsite'];

/** The name of a page beside others: Telegram would take it for a host. */
const PAGE = /^[^/?#]+\.(?:html?|php|aspx?|jsp|cgi|pdf)(?:[?#]|$)/i;

function whatIsWrong(address: string, written: string): Sentence | undefined {
  const scheme = SCHEME.exec(address)?.groups?.name?.toLowerCase();
  switch (scheme) {
    case 'tel':
    case 'sms':
    case 'callto':
      return {
        en: `A link can't be ${written}: Telegram opens no telephone numbers from a link. Write the number into the text, such as +39 06 1234567, without a link: a telephone makes one of it.`,
        it: `Un link non può essere ${written}: Telegram non apre numeri di telefono da un link. Scrivere il numero nel testo, come +39 06 1234567, senza link: il telefono ne fa uno da sé.`,
      };
    case 'mailto':
      return {
        en: `A link can't be ${written}: Telegram would make an address of the web of it. Write the e-mail address into the text, without a link: Telegram makes one of it.`,
        it: `Un link non può essere ${written}: Telegram ne farebbe un indirizzo web. Scrivere l'indirizzo e-mail nel testo, senza link: Telegram ne fa uno da sé.`,
      };
    case undefined:
      if (checkLink(address) !== undefined && !PAGE.test(address) && !/^[/.?#]/.test(address))
        return undefined;
      return {
        en: `A link can't be ${written}, which is no whole address: Telegram would drop this link, or lead elsewhere. Write it with the site before it, such as {{urlSito}}/ordini or https://shop.example/ordini.`,
        it: `Un link non può essere ${written}, che non è un indirizzo intero: Telegram toglierebbe questo link, o porterebbe altrove. Scriverlo con il sito davanti, come {{urlSito}}/ordini o https://shop.example/ordini.`,
      };
    default:
      if (OPENED.includes(scheme) && checkLink(address) !== undefined) return undefined;
      return {
        en: `Telegram can't open a link to ${written}: write an address that begins with https://, or with {{urlSito}}.`,
        it: `Telegram non può aprire un link a ${written}: scrivere un indirizzo che comincia con https://, o con {{urlSito}}.`,
      };
  }
}

/** Sections in an address are refused elsewhere. */
const VALUE = String.raw`\{\{[^{}]*\}\}`;
const HOST = new RegExp(String.raw`^["']?\s*(?:[a-z][a-z\d+.-]*://)?(?<host>(?:${VALUE}|[^/?#"'])*)`, 'i');
const SITE = /^\{\{\s*urlSito\s*\}\}/;

/** A value, or a name, in the host of an address: the link would lead to somebody else. */
function whatIsWrongWithHost(written: string): Sentence | undefined {
  const host = HOST.exec(written)?.groups?.host?.trim() ?? '';
  if (host.includes('{{') && !SITE.test(host))
    return {
      en: `A link can't be ${written}, which has a value in the name of a site: it would lead to another site for each value. Write values behind it only, as in https://shop.example/ordini?q={{siglaDocumento}}.`,
      it: `Un link non può essere ${written}, che ha un valore nel nome di un sito: porterebbe a un sito diverso per ogni valore. Scrivere i valori solo dopo, come in https://shop.example/ordini?q={{siglaDocumento}}.`,
    };
  if (host.includes('@'))
    return {
      en: `A link can't be ${written}, which is no address of the web: what stands before the @ would be the name of a user. Write an e-mail address into the text, without a link: Telegram makes one of it.`,
      it: `Un link non può essere ${written}, che non è un indirizzo web: quello che sta prima di @ sarebbe il nome di un utente. Scrivere un indirizzo e-mail nel testo, senza link: Telegram ne fa uno da sé.`,
    };
  return undefined;
}

const NO_SLASH: Sentence = {
  en: 'After {{urlSito}} there must be a /, as in {{urlSito}}/ordini: without it the address of another site begins there.',
  it: "Dopo {{urlSito}} ci deve essere una /, come in {{urlSito}}/ordini: senza, lì comincia l'indirizzo di un altro sito.",
};

/** `{{urlSito}}`, and what would be a part of its host; sections' tags may be between. */
const SITE_AND_MORE =
  /\{\{\s*urlSito\s*\}\}(?=(?:\{\{\s*[#/][^{}]*\}\})*(?:[\p{L}\p{N}_@]|[.:-][\p{L}\p{N}]|\{\{\s*[^#/\s]))/gu;

/** An address in the text itself, not in a tag, with a value in its host. */
const VALUE_IN_HOST = /(?<![\w="'])(?:https?:\/\/|www\.)[^\s/?#<>"'{}]*\{\{\s*[^#/\s][^{}]*\}\}/gi;

/** Addresses in the text itself: where it goes on right after that of the site, or a value is in the host. */
export function addressProblems(text: string): TemplateProblem[] {
  return [
    ...[...text.matchAll(SITE_AND_MORE)].map(({ index }) => ({
      detail: NO_SLASH,
      byteOffset: byteOffsetAt(text, index),
      key: 'urlSito',
    })),
    ...[...text.matchAll(VALUE_IN_HOST)].map(({ 0: written, index }) => ({
      detail: whatIsWrongWithHost(`"${written}"`) ?? NO_SLASH,
      byteOffset: byteOffsetAt(text, index),
    })),
  ];
}

const HREF = /^<a\b[^>]*?\bhref\s*=\s*("[^"]*"|'[^']*'|[^\s>]*)/i;

/** The address of the link at this place as it is written, with its placeholders. */
function writtenAddress(text: string, byteOffset: number): string {
  const link = Buffer.from(text).subarray(byteOffset).toString();
  return HREF.exec(link)?.[1] ?? '';
}
