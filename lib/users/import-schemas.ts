/** The body of `POST …/users/import`: the whole is checked strictly, and each row on its own. */
import * as z from 'zod/mini';
import { marketingConsent } from '../events/schemas.ts';
import { freeText, id, language } from '../http/schemas.ts';
import { says } from '../http/validation.ts';
import { mutedEvents } from './schemas.ts';

/** At most so many rows in a request: they take a few seconds of the function's time. */
const MAX_IMPORT_ROWS = 500;

/** Telegram's numbers have at most 52 bits. */
const MAX_CHAT_ID = 2 ** 52 - 1;

/** A person, and one chat of theirs. A person with several chats has several rows. */
export const importRow = z.strictObject({
  userId: id,
  /** That of a private chat, which is the person's own number at Telegram; those of groups are negative. */
  chatId: z.int().check(z.minimum(1), z.maximum(MAX_CHAT_ID)),
  firstName: z.optional(freeText(256)),
  lastName: z.optional(freeText(256)),
  companyName: z.optional(freeText(256)),
  language: z.optional(language),
  optedOut: z.optional(z.boolean()),
  mutedEvents: z.optional(mutedEvents),
  marketingConsent: z.optional(marketingConsent),
});
export type ImportRow = z.infer<typeof importRow>;

const botId = z.string().check(
  z.regex(
    /^[1-9]\d{0,19}$/,
    says({
      en: 'Must be the id of a bot as text: the digits before the ":" of its token.',
      it: 'Deve essere l\'id di un bot come testo: le cifre prima dei ":" del suo token.',
    }),
  ),
);

const bodyWith = <Row extends z.ZodMiniType>(row: Row) =>
  z.strictObject({ botId, users: z.array(row).check(z.minLength(1), z.maxLength(MAX_IMPORT_ROWS)) });

/** The request: a wrong row is no error of the whole. */
export const importBody = bodyWith(z.unknown());

/** The request as it is meant, for its description. */
export const describedImportBody = bodyWith(importRow);
