/** The bodies of requests about users. Unknown properties are refused, so that a typing mistake is noticed. */

import * as z from 'zod/mini';
import { cursor } from '../deliveries/log-parameters.ts';
import { UnreadableInputError } from '../domain/errors.ts';
import { SWITCHABLE_EVENTS } from '../domain/staff.ts';
import { groups, marketingConsent } from '../events/schemas.ts';
import { hasLostCharacters } from '../http/encoding.ts';
import { ownQuietHours } from '../http/quiet-hours.ts';
import { freeText, id, language, timeZone } from '../http/schemas.ts';
import { says } from '../http/validation.ts';
import { PERSON_STATES } from '../store/directory.ts';
import type { WidgetFields } from './widget-login.ts';

export const linkBody = z.strictObject({
  firstName: z.optional(freeText(256)),
  lastName: z.optional(freeText(256)),
  companyName: z.optional(freeText(256)),
  language: z.optional(language),
  groups: z.optional(groups),
  /** Stored with the person when they link. */
  marketingConsent: z.optional(marketingConsent),
  /** How long the link is valid: longer for one that is printed or sent by mail. */
  expiresInHours: z.optional(z.int().check(z.minimum(1), z.maximum(720))),
});

/** `null` removes a name. */
const name = z.optional(z.nullable(freeText(256)));

/** Names of the events that a user does not want. */
export const mutedEvents = z.array(z.enum(SWITCHABLE_EVENTS)).check(
  z.maxLength(100),
  z.overwrite((events) => [...new Set(events)]),
);

/** `PATCH …/users/{userId}`. A field that is absent stays as it is. */
export const userPatch = z
  .strictObject({
    optedOut: z.optional(z.boolean()),
    /** Who opts out or in: `person` where the person ticked it themself on the site; by default the shop. */
    by: z.optional(z.enum(['person', 'shop'])),
    mutedEvents: z.optional(mutedEvents),
    /** In place of the shop's; `null` removes them. */
    quietHours: z.optional(z.nullable(ownQuietHours)),
    /** Whether they want advertising: what was said last holds. */
    marketingConsent: z.optional(marketingConsent),
    /** `null` removes it. */
    timeZone: z.optional(z.nullable(timeZone)),
    /** `null` removes it. */
    language: z.optional(z.nullable(language)),
    firstName: name,
    lastName: name,
    companyName: name,
  })
  .check(
    z.refine(({ by, optedOut }) => by === undefined || optedOut !== undefined, {
      path: ['by'],
      ...says({
        en: 'Says who opts out or in: send "optedOut" with it.',
        it: 'Dice chi sceglie di ricevere o no i messaggi: inviarlo insieme a "optedOut".',
      }),
    }),
  );
export type UserPatch = z.infer<typeof userPatch>;

/** `DELETE …/users/{userId}/link`: the chat to unlink; absent: all of them. */
export const unlinkQuery = z.strictObject({
  chat: z.optional(
    z.string().check(
      z.regex(
        /^-?[1-9]\d{0,15}$/,
        says({
          en: 'Must be the number of a chat, such as 1001.',
          it: 'Deve essere il numero di una chat, come 1001.',
        }),
      ),
    ),
  ),
});

const notLimit = says({
  en: 'Must be a whole number from 1 to 100.',
  it: 'Deve essere un numero intero da 1 a 100.',
});

/** `GET …/users`. */
export const peopleQuery = z.strictObject({
  /** The beginning of an id or of words of a name; blank: everybody. */
  query: z.optional(freeText(256)),
  state: z.optional(z.enum(PERSON_STATES)),
  cursor: z.optional(cursor),
  limit: z.optional(z.string().check(z.regex(/^(?:100|[1-9]\d?)$/, notLimit))),
});

/** `GET …/users/{userId}/export`: where a long log goes on. */
export const exportQuery = z.strictObject({ cursor: z.optional(cursor) });

/** `POST …/users/{userId}/rename`. */
export const renameBody = z.strictObject({ userId: id });

const notAWidgetValue = says({
  en: 'Must be a text or a whole number, as Telegram gave it.',
  it: "Deve essere un testo o un numero intero, come l'ha dato Telegram.",
});
const widgetValue = z.union([z.string().check(z.maxLength(2048)), z.int()], notAWidgetValue);

/**
 * Telegram may add fields, and signs all that it sends: so unknown fields pass, and are part of the signature. It leaves out
 * what a person does not have, and some programs make `null` or `""` of that.
 */
export const widgetBody = z
  .catchall(
    z.object({
      id: widgetValue,
      auth_date: widgetValue,
      hash: z.string().check(z.maxLength(2048)),
      /** Of the person, and none of Telegram's: those are texts or numbers. */
      groups: z.optional(groups),
    }),
    z.nullable(widgetValue),
  )
  .check(
    z.refine(
      (fields) => Object.keys(fields).length <= 32,
      says({ en: 'Has more than 32 fields.', it: 'Ha più di 32 campi.' }),
    ),
  );

/** The fields of the login widget as text, which is what Telegram signs. `null` is no text: Telegram has sent no such field. */
export function widgetFieldsOf({ groups: _, ...body }: z.infer<typeof widgetBody>): WidgetFields {
  const fields: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(body)) if (value !== null) fields[name] = String(value);
  return fields;
}

/**
 * The id of a user, from the path, for a request that may write it into the tables. If characters of it were lost, two
 * people would become one.
 *
 * @throws UnreadableInputError
 */
export function readWrittenUserId(text: string): string {
  if (!hasLostCharacters(text)) return readUserId(text);
  const lost = {
    en: 'The user id in the path holds U+FFFD, which stands where a character was lost: percent-encode the UTF-8 of the id (RFC 3986, section 2.5), not its ISO-8859-1.',
    it: "L'id dell'utente nell'indirizzo contiene U+FFFD, che sta al posto di un carattere andato perso: codificare con % l'UTF-8 dell'id (RFC 3986, sezione 2.5), non il suo ISO-8859-1.",
  };
  throw new UnreadableInputError(lost, 'invalid-path-id');
}

/** The id of a user, from the path. Also one that the former release stored after characters of it were lost. */
export function readUserId(text: string): string {
  const result = id.safeParse(text);
  if (result.success) return result.data;
  const wrong = {
    en: 'The user id in the path must have 1 to 128 whole characters, and not be blank.',
    it: "L'id dell'utente nell'indirizzo deve avere da 1 a 128 caratteri interi, e non essere vuoto.",
  };
  throw new UnreadableInputError(wrong, 'invalid-path-id');
}
