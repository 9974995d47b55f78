/** The parts of the document outside the operations: introduction, tags, keys, path parameters. */
import { MAX_WAITING } from '../events/notify.ts';
import { HOW_TO_WRITE_IDS } from '../http/path-ids.ts';
import { REQUESTS_AT_ONCE, REQUESTS_PER_SECOND } from '../store/site-requests.ts';
import type { Json } from './json.ts';

export const INTRODUCTION = `Telegram notifications for shops on Passweb.

**Keys** go into the header \`Authorization: Bearer KEY\`. A *site key* opens one site and no other; the *platform key* creates sites and switches their module. An unknown site and a wrong key look the same: 401. The page of the console sends its session's cookie and \`X-Console: 1\` instead.

**Errors** are \`application/problem+json\` (RFC 9457). \`code\` says what went wrong, for programs, and never changes; the texts may. \`title\` and \`detail\` are in Italian where \`Accept-Language\` prefers it, and in English otherwise: \`Content-Language\` says which. Where a body is not valid, \`errors\` names every wrong place by JSON Pointer, with a sentence that says what to do, and a code of its own. Any request may be answered by the server in front of this API, without a code: 429 (\`{"message":"Too Many Requests"}\`), 500 and 503. Unknown properties are refused, so that a typing mistake never passes unseen.

**Ids in paths.** ${HOW_TO_WRITE_IDS.en} The API decodes a path once before it looks which path it is. So \`CLI%2F001\` is two segments, which lead to another path or to none, and what follows a \`%3F\` is lost. Other characters may be percent-encoded.

**HEAD** is answered wherever \`GET\` is, with its status and headers, and changes nothing. No path but \`/console/\` ends with a slash: with one it is 404.

**Repeating** a request after a 503, a time-out or a lost connection is safe: an event with the same \`eventId\` is sent once.

**Limits of a site**: ${REQUESTS_AT_ONCE.toLocaleString('en')} requests at once, then ${REQUESTS_PER_SECOND} a second, over all paths that take its key. In an event, ten recipients after the first count as one request more, and so do ten people of an import; a preview counts as 5, saving or testing a bot as 20. At most ${MAX_WAITING.toLocaleString('en')} messages of a site wait for its bot. Beyond that: 429, and nothing was done. Wait as long as \`Retry-After\` says (seconds), then send the same request again.

**Two editors**: answers carry an \`ETag\`. A change sent with it in \`If-Match\` is refused with 412 if somebody else was quicker. With \`If-None-Match: *\`, the \`PUT\` of a site, a bot or a webhook makes what does not exist yet, and is refused with 412 otherwise. Weak tags (\`W/"7"\`) never match in \`If-Match\`. A \`GET\` with the present \`ETag\` in \`If-None-Match\` is answered 304. Conditions hold everywhere (RFC 9110, section 13): where there is no \`ETag\`, an \`If-Match\` with one is 412, and so is \`If-None-Match: *\` on what exists.

**Sizes**: a body has at most 256 KB. Lengths of texts are counted in UTF-16 code units, as JavaScript, C# and Java count them: most emoji are two.

**Empty properties**: in a body, \`null\` and a text that shows nothing (\`""\`) count as absent where a property may be left out. Where \`null\` takes something away, \`""\` does so too.`;

/** In the order of the document. */
export const TAGS = [
  { name: 'Events', description: 'What the shop reports. Each becomes messages to the right people.' },
  { name: 'Users', description: 'The people of a site and the bond to their Telegram chat.' },
  { name: 'Sites', description: 'The platform creates sites; the merchant sets them up.' },
  { name: 'Bot', description: "The merchant's own Telegram bot." },
  { name: 'Templates', description: 'What the messages say, in every language of the site.' },
  { name: 'Log', description: 'What was sent, or why not. Never the text of a message.' },
  { name: 'Webhook', description: "What the shop's own system is told, as Standard Webhooks." },
  { name: 'Browser and Telegram', description: 'Called by browsers and by Telegram, not by the shop.' },
] as const;

export type Tag = (typeof TAGS)[number]['name'];

/** In the order in which "Authorize" shows them: the key that is needed most is the first. */
export const SECURITY_SCHEMES: Json = {
  siteKey: { type: 'http', scheme: 'bearer', description: 'A key of the site: `pwtg_…`' },
  platformKey: { type: 'http', scheme: 'bearer', description: 'The key of the platform' },
  telegramSecret: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Telegram-Bot-Api-Secret-Token',
    description: 'The secret that Telegram was given with the webhook',
  },
};

const SECOND_FORM = ': CLI/001 is written ~Q0xJLzAwMQ (see "Ids in paths" above)';

/**
 * As it is, or in its second form: 128 UTF-16 units have at most 384 bytes of UTF-8, which are 512 characters of base64url.
 */
const anyId = {
  type: 'string',
  minLength: 1,
  maxLength: 513,
  pattern: '^(?:~[A-Za-z0-9_-]{2,512}|(?!\\.{1,2}$)[^~/?#][^/?#]{0,127})$',
};
const ownId = { type: 'string', minLength: 1, maxLength: 128 };

export const PATH_PARAMETERS: Record<string, { description: string; schema: Json; example: string }> = {
  siteId: {
    description: 'The shop',
    schema: { type: 'string', maxLength: 64, pattern: '^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$' },
    example: 'demo',
  },
  userId: { description: `Passweb's id of the user${SECOND_FORM}`, schema: anyId, example: 'anna' },
  activityId: { description: `Passweb's id of the activity${SECOND_FORM}`, schema: anyId, example: '712' },
  templateId: { description: 'The id of the template', schema: ownId, example: 'default-order-status' },
  deliveryId: {
    description: 'As the answer to the event named it',
    schema: ownId,
    example: 'wcZ_NeggoodXsop_Ce6MtDk7gAm7q1ue',
  },
  code: {
    description: 'It names a link of a message, and is signed',
    schema: { type: 'string', pattern: '^[0-9][A-Za-z0-9_-]{44}[a-z0-9-]{1,64}$' },
    example: '0wcZ_NeggoodXsop_Ce6MtDk7gAm7q1ue5fVt0qXb9LkZdemo',
  },
  file: {
    description: 'A file that the page names; its name changes with what is in it',
    schema: { type: 'string', minLength: 1, maxLength: 128 },
    example: 'main-3FA5B2C1.js',
  },
  keyId: {
    description: 'The first 8 hexadecimal digits of the SHA-256 of the key',
    schema: { type: 'string', pattern: '^[0-9a-f]{8}$' },
    example: '5e884898',
  },
};
