/**
 * The error answers, as `application/problem+json` (RFC 9457), and the error that leads to each of them. docs/errors.md lists
 * their codes.
 */
import {
  BotSetupError,
  BotSetupUnreachableError,
  BusyError,
  ConflictError,
  type FailedCondition,
  type FieldError,
  InputTooLargeError,
  InvalidInputError,
  NotFoundError,
  OutdatedError,
  ServiceUnreachableError,
  SiteGoneError,
  TooManyRequestsError,
  TooManyWaitingError,
  UnreadableInputError,
} from '../domain/errors.ts';
import type { CodeOf, ProblemCode } from '../domain/problem-codes.ts';
import { inLanguage, type Sentence, sentence } from '../domain/sentence.ts';

export interface Problem {
  status: keyof typeof TITLES;
  /** What went wrong, for programs: always the same. */
  code: ProblemCode;
  detail: Sentence | string;
  errors?: FieldError[];
  /** Header fields of the answer, such as `Retry-After`. */
  headers?: Record<string, string>;
}

/** The phrases of RFC 9110. */
export const TITLES = {
  400: { en: 'Bad Request', it: 'Richiesta non valida' },
  401: { en: 'Unauthorized', it: 'Accesso non autorizzato' },
  403: { en: 'Forbidden', it: 'Non consentito' },
  404: { en: 'Not Found', it: 'Non trovato' },
  405: { en: 'Method Not Allowed', it: 'Metodo non ammesso' },
  406: { en: 'Not Acceptable', it: 'Formato non disponibile' },
  409: { en: 'Conflict', it: 'Conflitto' },
  410: { en: 'Gone', it: 'Non più disponibile' },
  412: { en: 'Precondition Failed', it: 'Condizione non soddisfatta' },
  413: { en: 'Content Too Large', it: 'Contenuto troppo grande' },
  415: { en: 'Unsupported Media Type', it: 'Formato non supportato' },
  429: { en: 'Too Many Requests', it: 'Troppe richieste' },
  500: { en: 'Internal Server Error', it: 'Errore interno' },
  502: { en: 'Bad Gateway', it: 'Risposta non valida di un altro servizio' },
  503: { en: 'Service Unavailable', it: 'Servizio non disponibile' },
} satisfies Record<number, Sentence>;

/** A refusal that exists only in HTTP, such as a missing key or an unknown path. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(inLanguage(problem.detail, 'en'));
    this.problem = problem;
  }
}

/** The answer to an error that the caller can react to; `undefined` for any other error. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof HttpProblem) return error.problem;
  if (error instanceof InvalidInputError) return invalidFields(error);
  if (error instanceof UnreadableInputError) return { status: 400, code: error.code, detail: error.text };
  if (error instanceof SiteGoneError) return unauthorized().problem;
  if (error instanceof NotFoundError) return { status: 404, code: error.code, detail: error.text };
  if (error instanceof ConflictError) return { status: 409, code: error.code, detail: error.text };
  if (error instanceof OutdatedError) return preconditionFailed(error);
  if (error instanceof InputTooLargeError) return { status: 413, code: 'body-too-large', detail: error.text };
  if (error instanceof TooManyRequestsError) return tooManyRequests(error);
  if (error instanceof TooManyWaitingError) return tooManyWaiting();
  if (error instanceof BotSetupError) return { status: 502, code: 'bot-setup-refused', detail: error.text };
  if (error instanceof BotSetupUnreachableError)
    return unavailable('telegram-unreachable', error.text, error.retryAfterSeconds);
  if (error instanceof ServiceUnreachableError || error instanceof BusyError) return serviceUnavailable();
  return undefined;
}

/** The number of errors that an answer lists: a body of 256 KB can have 100,000. */
export const MAX_ERRORS = 100;

function invalidFields({ errors, consequence }: InvalidInputError): Problem {
  const { length } = errors;
  const isCut = length > MAX_ERRORS;
  const said = inBoth(consequence);
  return {
    status: 400,
    code: 'invalid-body',
    detail: {
      en: `${said.en}: ${length === 1 ? '1 place is' : `${length} places are`} wrong in the body. Correct what "errors" names${isCut ? `, the first ${MAX_ERRORS} of them,` : ''} and send the request again.`,
      it: `${said.it}: ${length === 1 ? "c'è un errore" : `ci sono ${length} errori`} nel corpo della richiesta. Correggere quanto indicato in "errors"${isCut ? `, che elenca i primi ${MAX_ERRORS},` : ''} e inviare di nuovo la richiesta.`,
    },
    errors: errors.slice(0, MAX_ERRORS),
  };
}

function inBoth(words: Sentence | string): Sentence {
  return sentence((language) => inLanguage(words, language));
}

/** 400: parameters of the query are wrong; they are named. */
export function invalidParameters(errors: FieldError[]): HttpProblem {
  const { length } = errors;
  const detail = {
    en: `${length === 1 ? '1 parameter is' : `${length} parameters are`} wrong in the query of the address. Correct what "errors" names and ask again.`,
    it: `${length === 1 ? 'Un parametro è errato' : `${length} parametri sono errati`} nell'indirizzo. Correggere quanto indicato in "errors" e ripetere la richiesta.`,
  };
  return new HttpProblem({
    status: 400,
    code: 'invalid-query',
    detail,
    errors: errors.slice(0, MAX_ERRORS),
  });
}

/**
 * 415: the body is compressed. Real API Gateway makes text of every `application/json` body before a function sees it, so
 * a compressed one arrives damaged: it can't be decoded, and the answer is the same everywhere.
 *
 * @see RFC 9110, section 15.5.16
 */
export function compressedBody(): HttpProblem {
  return new HttpProblem({
    status: 415,
    code: 'body-encoded',
    detail: {
      en: 'The body is compressed, or "Content-Encoding" says that it is encoded. This API takes only bodies that are not. Nothing was done: send it again as it is, without "Content-Encoding".',
      it: 'Il corpo della richiesta è compresso, o "Content-Encoding" dice che è codificato. Questa API accetta solo corpi che non lo sono. Non è stato fatto nulla: inviarlo di nuovo così com\'è, senza "Content-Encoding".',
    },
    headers: { 'accept-encoding': 'identity' },
  });
}

/** 401, the same for an unknown site and for a wrong key: a caller without a key learns nothing. */
export function unauthorized(): HttpProblem {
  return wrongKey('wrong-key', {
    en: 'Unknown site or wrong key. Send "Authorization: Bearer KEY" with a key of this site.',
    it: 'Sito sconosciuto o chiave errata. Inviare "Authorization: Bearer KEY" con una chiave di questo sito.',
  });
}

/** 401 of the paths that need the platform's key: without it a caller can't learn which sites exist. */
export function wrongPlatformKey(): HttpProblem {
  return wrongKey('wrong-platform-key', {
    en: 'Wrong key: this path takes the key of the platform. Send "Authorization: Bearer KEY" with it.',
    it: 'Chiave errata: questo indirizzo richiede la chiave della piattaforma. Inviarla con "Authorization: Bearer KEY".',
  });
}

/** 401 of the console's page, the same whatever is wrong with its session: it was another site's, has ended, or never was. */
export function sessionEnded(): HttpProblem {
  return wrongKey('session-ended', {
    en: 'Nobody is signed in for this, or not any more. Sign in again.',
    it: "Non c'è nessun accesso valido per questo, o è scaduto. Accedere di nuovo.",
  });
}

/** 401 of a link that signs in to the console. */
export function wrongConsoleLink(): HttpProblem {
  return wrongKey('wrong-console-link', {
    en: 'This link does not sign in: it was used already, is older than ten minutes, or is not complete. Open a new one.',
    it: 'Questo link non permette di accedere: è già stato usato, ha più di dieci minuti o non è completo. Aprirne uno nuovo.',
  });
}

/** 403: the console's cookie came with the request, but not from the console's page. */
export function foreignOrigin(): HttpProblem {
  return new HttpProblem({
    status: 403,
    code: 'foreign-origin',
    detail: {
      en: 'Only the page of the console, on the same host, may do this. Programs send "Authorization: Bearer KEY" instead.',
      it: 'Solo la pagina della console, sullo stesso indirizzo, può farlo. I programmi inviano invece "Authorization: Bearer KEY".',
    },
  });
}

/** 429: too many have tried to sign in from the same address. */
export function tooManyAttempts(retryAfterSeconds: number): HttpProblem {
  return new HttpProblem({
    status: 429,
    code: 'too-many-attempts',
    detail: {
      en: `Too many attempts to sign in. Nothing was looked at. Try again in ${retryAfterSeconds} seconds.`,
      it: `Troppi tentativi di accesso. Non è stato verificato nulla. Riprovare tra ${retryAfterSeconds} secondi.`,
    },
    headers: { 'retry-after': String(retryAfterSeconds) },
  });
}

/** 401 of the webhook, the same for an unknown site, a site without a bot, and a wrong secret. */
export function wrongTelegramSecret(): HttpProblem {
  const detail = {
    en: 'Unknown site or wrong secret token. Only Telegram, which was given the secret, calls this path.',
    it: 'Sito sconosciuto o token segreto errato. Solo Telegram, che conosce il segreto, chiama questo indirizzo.',
  };
  return wrongKey('wrong-telegram-secret', detail, 'X-Telegram-Bot-Api-Secret-Token');
}

function wrongKey(code: CodeOf<401>, detail: Sentence, scheme = 'Bearer'): HttpProblem {
  return new HttpProblem({ status: 401, code, detail, headers: { 'www-authenticate': scheme } });
}

/** 403: the key is right, but the site may not send: it has no module, or is switched off. */
export function inactive({ moduleActive }: { moduleActive: boolean }): HttpProblem {
  if (!moduleActive)
    return new HttpProblem({
      status: 403,
      code: 'module-not-active',
      detail: {
        en: 'The Telegram module is not active for this site. It is activated by the platform.',
        it: 'Il modulo Telegram non è attivo per questo sito. Lo attiva la piattaforma.',
      },
    });
  return new HttpProblem({
    status: 403,
    code: 'site-switched-off',
    detail: {
      en: 'The Telegram integration of this site is switched off. The merchant can switch it on.',
      it: "L'integrazione Telegram di questo sito è disattivata. L'esercente può attivarla.",
    },
  });
}

/** The codes of the conditions that do not hold. */
const CONDITION_CODES: Record<FailedCondition, CodeOf<412>> = {
  changed: 'changed-meanwhile',
  weak: 'weak-etag',
  foreign: 'foreign-etag',
  untagged: 'nothing-tagged',
  missing: 'must-exist',
  exists: 'must-be-new',
  unchanged: 'still-that-version',
};

function preconditionFailed({ version, changes, why }: OutdatedError): Problem {
  const reason = whyNot(why, changes.length > 0);
  return {
    status: 412,
    code: CONDITION_CODES[why],
    detail: {
      en: `Nothing was changed, because ${reason.en}`,
      it: `Non è stato modificato nulla, perché ${reason.it}`,
    },
    ...(changes.length > 0 && { errors: changes }),
    ...(version !== undefined && { headers: { etag: entityTag(version) } }),
  };
}

/** @param isNamed whether the answer names what is different now. */
function whyNot(why: FailedCondition, isNamed: boolean): Sentence {
  switch (why) {
    case 'changed':
      return {
        en: `somebody else has changed it since you read it. ${isNamed ? '"errors" names what is different now' : 'It is different now'}. Read it again, and repeat your change with the new ETag.`,
        it: `qualcun altro ha fatto una modifica dopo la lettura. ${isNamed ? '"errors" indica che cosa è diverso ora' : 'Il contenuto ora è diverso'}. Leggerlo di nuovo e ripetere la modifica con il nuovo ETag.`,
      };
    case 'weak':
      return {
        en: `If-Match has a weak ETag (W/"…"), and a weak one never matches (RFC 9110, section 13.1.1). This API gives strong ones; a proxy on the way may have put W/ before it. Read it again, and repeat your change with its ETag without W/.${isNamed ? ' Somebody else has changed it, too: "errors" names what is different now.' : ''}`,
        it: `If-Match ha un ETag debole (W/"…"), che non corrisponde mai (RFC 9110, sezione 13.1.1). Questa API ne dà di forti; un proxy può averci messo davanti W/. Leggere di nuovo e ripetere la modifica con il suo ETag senza W/.${isNamed ? ' Inoltre qualcun altro ha fatto una modifica: "errors" indica che cosa è diverso ora.' : ''}`,
      };
    case 'foreign':
      return {
        en: 'If-Match names no ETag that this API gives, such as "7". Something on the way may have changed it. Read it again, and repeat your change with its ETag as it comes.',
        it: 'If-Match non contiene un ETag di questa API, come "7". Qualcosa lungo il percorso può averlo cambiato. Leggere di nuovo e ripetere la modifica con il suo ETag così come arriva.',
      };
    case 'untagged':
      return {
        en: 'If-Match takes only what has an ETag, and nothing at this path has one. Leave If-Match out.',
        it: 'If-Match vale solo per ciò che ha un ETag, e a questo indirizzo nulla ne ha uno. Togliere If-Match.',
      };
    case 'missing':
      return {
        en: 'it does not exist, and If-Match takes only what exists. Leave If-Match out to create it.',
        it: 'non esiste, e If-Match vale solo per ciò che esiste. Per crearlo, togliere If-Match.',
      };
    case 'exists':
      return {
        en: '"If-None-Match: *" takes only what does not exist yet, and it exists. Leave If-None-Match out to change it.',
        it: '"If-None-Match: *" vale solo per ciò che non esiste ancora, e questo esiste. Per modificarlo, togliere If-None-Match.',
      };
    case 'unchanged':
      return {
        en: 'it is still in the version that If-None-Match names.',
        it: 'è ancora nella versione indicata in If-None-Match.',
      };
  }
}

function tooManyRequests({ retryAfterSeconds }: TooManyRequestsError): Problem {
  return {
    status: 429,
    code: 'too-many-requests',
    detail: {
      en: `This site asks for more than it may in a short time. Nothing was done. Send the same request again after ${retryAfterSeconds} seconds, and send fewer at the same time.`,
      it: `Questo sito ha fatto troppe richieste in poco tempo. Non è stato fatto nulla. Inviare di nuovo la stessa richiesta dopo ${retryAfterSeconds} secondi, e meno richieste insieme.`,
    },
    headers: { 'retry-after': String(retryAfterSeconds) },
  };
}

/** In this time a bot sends 1,800 messages. */
const RETRY_WAITING_SECONDS = 60;

function tooManyWaiting(): Problem {
  return {
    status: 429,
    code: 'too-many-waiting',
    detail: {
      en: `Too many messages of this site wait to be sent by its bot. Nothing was done. See why with POST …/bot/test, and send the same request again after ${RETRY_WAITING_SECONDS} seconds.`,
      it: `Troppi messaggi di questo sito aspettano di essere inviati dal suo bot. Non è stato fatto nulla. Vedere perché con POST …/bot/test, e inviare di nuovo la stessa richiesta dopo ${RETRY_WAITING_SECONDS} secondi.`,
    },
    headers: { 'retry-after': String(RETRY_WAITING_SECONDS) },
  };
}

/** 500: a fault of ours. What it is stands in the log, and nowhere else. */
export function internalError(): Problem {
  return {
    status: 500,
    code: 'internal-error',
    detail: {
      en: 'Something failed on our side and was logged. Send the same request again: nothing goes out twice.',
      it: 'Qualcosa non ha funzionato da parte nostra ed è stato registrato. Inviare di nuovo la stessa richiesta: nulla parte due volte.',
    },
  };
}

/** 503: a service that this API needs does not answer. The same request may be sent again. */
export function serviceUnavailable(): Problem {
  return unavailable(
    'service-unavailable',
    {
      en: 'A service behind this one does not answer now. Send the same request again: nothing goes out twice.',
      it: 'In questo momento un servizio di cui questo ha bisogno non risponde. Inviare di nuovo la stessa richiesta: nulla parte due volte.',
    },
    5,
  );
}

function unavailable(code: CodeOf<503>, detail: Sentence | string, retryAfterSeconds: number): Problem {
  return { status: 503, code, detail, headers: { 'retry-after': String(retryAfterSeconds) } };
}

/** The entity tag (RFC 9110, section 8.8.3) of a version, in double quotes. */
export function entityTag(version: number): string {
  return `"${version}"`;
}
