/** Placeholders as other programs write them: people would read `{nome}` or `[NOME]` as it is. */

import { nearest, plainLetters } from '../domain/did-you-mean.ts';
import type { TemplateKind } from '../domain/templates.ts';
import { PLACEHOLDERS, type PlaceholderKey, placeholdersOf } from './placeholders.ts';

/** A name of one line, which begins with a letter: `nome`, `Sigla Documento`, `first_name`. */
const NAME = String.raw`[ \t]*(?<name>\p{L}[\p{L}\p{M}\d_. -]{0,40}?)[ \t]*`;

function pattern(before: string, after: string): RegExp {
  return new RegExp(before + NAME + after, 'gu');
}

/** What other programs call the names. */
const ALIASES: Readonly<Record<string, PlaceholderKey>> = {
  ...{ name: 'nome', firstname: 'nome', nomecliente: 'nome', cliente: 'nome' },
  ...{ lastname: 'cognome', surname: 'cognome', cognomecliente: 'cognome' },
  ...{
    fullname: 'nominativo',
    nomecognome: 'nominativo',
    company: 'nominativo',
    ragionesociale: 'nominativo',
  },
};

/** Nobody writes these to people: what looks like a placeholder is meant as one, also if it is misspelt. */
const SURE = [
  pattern(String.raw`(?<!\{)\$?\{`, String.raw`\}+`),
  pattern('%{1,2}(?! )', '(?<! )%{1,2}'),
  pattern(String.raw`\*\|`, String.raw`\|\*`),
  pattern(String.raw`\{%`, String.raw`%\}`),
];

/** These may be words of the text: only the name of a placeholder is meant as one. */
const UNSURE = [
  pattern(String.raw`\[{1,2}`, String.raw`\]{1,2}`),
  pattern('«', '»'),
  pattern('#(?! )', '(?<! )#'),
  pattern('(?:&lt;){1,2}', '(?:&gt;){1,2}'),
  pattern(String.raw`\$(?! )`, String.raw`(?<! )\$`),
  pattern('__(?! )', '(?<! )__'),
  // Half of a pair is missing.
  /(?<![{\p{L}\p{M}\d_.-]|\{[ \t]*[#/^&]?[ \t]*)(?<name>\p{L}[\p{L}\p{M}\d_]{0,40})[ \t]*\}{1,2}(?!\})/gu,
  /(?<![\d%])%(?<name>\p{L}[\p{L}\p{M}_]{0,40})(?![\p{L}\p{M}\d_%])/gu,
];

export interface ForeignPlaceholder {
  /** As it is written in the text, and where: UTF-16 units. */
  written: string;
  start: number;
  /** What was meant. */
  key: PlaceholderKey;
}

/** The placeholders of other programs in a text, in their order. */
export function foreignPlaceholders(text: string, kind: TemplateKind): ForeignPlaceholder[] {
  const found = [...SURE, ...UNSURE].flatMap((one) =>
    [...text.matchAll(one)].flatMap((match) => {
      const name = match.groups?.name ?? '';
      const key = SURE.includes(one) ? meantBy(name, kind) : (namedBy(name, kind) ?? aliasOf(name));
      return key ? [{ written: match[0], start: match.index, key }] : [];
    }),
  );
  return found.sort((one, other) => one.start - other.start);
}

/** The placeholder of a kind that somebody means who writes this between braces; `undefined` if none is similar. */
export function meantBy(name: string, kind: TemplateKind): PlaceholderKey | undefined {
  const keys = placeholdersOf(kind).map(({ key }) => key);
  return namedBy(name, kind) ?? aliasOf(name) ?? nearest(name, keys);
}

function aliasOf(name: string): PlaceholderKey | undefined {
  const letters = plainLetters(name);
  return Object.hasOwn(ALIASES, letters) ? ALIASES[letters] : undefined;
}

/** The placeholder that has this key, or this name in Passweb's manual; case, accents and spaces don't matter. */
export function namedBy(name: string, kind: TemplateKind): PlaceholderKey | undefined {
  const letters = plainLetters(name);
  const named = PLACEHOLDERS.filter(
    (placeholder) => plainLetters(placeholder.key) === letters || plainLetters(placeholder.name) === letters,
  );
  const ofKind = named.find(({ kinds }) => (kinds as readonly TemplateKind[]).includes(kind));
  return (ofKind ?? named[0])?.key;
}
