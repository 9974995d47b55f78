/**
 * Log In With Telegram (OpenID Connect). All that is relied on is in this file, since programs that use it disagree in
 * details: the issuer and its discovery document, the authorization code flow with PKCE (S256), client authentication by
 * HTTP Basic, and an ID token with the person's numeric Telegram id in the claim `id`.
 *
 * @see https://core.telegram.org/bots/telegram-login
 */
import { createHash } from 'node:crypto';
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { endsWithin } from '../aws/deadline.ts';
import { ServiceUnreachableError } from '../domain/errors.ts';
import type { LinkingChat } from './link-chat.ts';

const ISSUER = 'https://oauth.telegram.org';
/** `telegram:bot_access` asks the person to allow messages: without it the bot can't write to a new person. */
const SCOPE = 'openid profile telegram:bot_access';
/** RS256 is the default; the merchant can choose another one at @BotFather. */
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA', 'Ed25519'];

const TIMEOUT_MILLISECONDS = 5_000;
const CACHE_MILLISECONDS = 3_600_000;
const CLOCK_TOLERANCE_SECONDS = 5;
/** An ID token is checked directly after Telegram has made it. */
const MAX_TOKEN_AGE_SECONDS = 600;

/** The client of the flow: the bot of the shop. */
export interface Client {
  /** The bot's id. */
  id: string;
  secret: string;
}

/** Telegram's answer is not that of a valid login. */
export class OpenIdRefusalError extends Error {
  override readonly name = 'OpenIdRefusalError';
}

interface Provider {
  issuer: string;
  authorizationEndpoint: string;
  tokenEndpoint: string;
  keys: JWTVerifyGetKey;
}

let cached: { provider: Provider; until: number } | undefined;

/** The address at Telegram to which the browser goes. @throws ServiceUnreachableError */
export async function authorizationUrl(request: {
  clientId: string;
  redirectUri: string;
  state: string;
  nonce: string;
  codeVerifier: string;
}): Promise<string> {
  const { authorizationEndpoint } = await findProvider();
  const url = new URL(authorizationEndpoint);
  const parameters = {
    response_type: 'code',
    client_id: request.clientId,
    redirect_uri: request.redirectUri,
    scope: SCOPE,
    state: request.state,
    nonce: request.nonce,
    code_challenge: createHash('sha256').update(request.codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/**
 * Exchanges the code for the ID token, and checks its signature, issuer, audience, age and nonce.
 *
 * @returns the person's private chat with the bot.
 * @throws ServiceUnreachableError where Telegram can't be reached; OpenIdRefusalError where the login is not valid.
 */
export async function personOfCode(
  client: Client,
  request: { code: string; redirectUri: string; nonce: string; codeVerifier: string },
): Promise<LinkingChat> {
  const provider = await findProvider();
  const idToken = await exchange(provider, client, request);
  const claims = await verify(provider, idToken);
  if (!isFor(client, claims)) throw new OpenIdRefusalError('The ID token is for another client.');
  if (claims.nonce !== request.nonce) throw new OpenIdRefusalError('The ID token is of another login.');
  return personIn(claims);
}

async function exchange(
  { tokenEndpoint }: Provider,
  client: Client,
  { code, redirectUri, codeVerifier }: { code: string; redirectUri: string; codeVerifier: string },
): Promise<string> {
  // RFC 6749, section 2.3.1: both parts are form-encoded first.
  const basic = [client.id, client.secret].map((part) => encodeURIComponent(part)).join(':');
  const answer = await askTelegram(tokenEndpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(basic).toString('base64')}`, accept: 'application/json' },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: codeVerifier,
    }),
  });
  const idToken = answer.id_token;
  if (typeof idToken !== 'string') throw new OpenIdRefusalError('Telegram gave no ID token.');
  return idToken;
}

async function verify({ issuer, keys }: Provider, idToken: string): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(idToken, keys, {
      issuer,
      algorithms: ALGORITHMS,
      requiredClaims: ['aud', 'exp', 'iat', 'nonce'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      maxTokenAge: MAX_TOKEN_AGE_SECONDS,
    });
    return payload;
  } catch (cause) {
    const isKeySetUnreachable =
      !(cause instanceof errors.JOSEError) ||
      cause instanceof errors.JWKSTimeout ||
      cause.code === 'ERR_JOSE_GENERIC';
    if (isKeySetUnreachable) throw new ServiceUnreachableError('Telegram', { cause });
    throw new OpenIdRefusalError('The ID token is not valid.', { cause });
  }
}

/** Telegram writes the audience as a number. The standard wants a text; or several, with the client in `azp`. */
function isFor({ id }: Client, { aud, azp }: JWTPayload): boolean {
  const audiences = (Array.isArray(aud) ? aud : [aud]).map(String);
  return audiences.includes(id) && (audiences.length === 1 || String(azp) === id);
}

function personIn({ id, preferred_username, name }: JWTPayload): LinkingChat {
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id <= 0) {
    throw new OpenIdRefusalError("The ID token has no numeric id: the person's chat is not known.");
  }
  return { id, username: textOf(preferred_username), firstName: textOf(name) };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

async function findProvider(): Promise<Provider> {
  if (cached && cached.until > Date.now()) return cached.provider;
  const issuer = process.env.TELEGRAM_OIDC_ISSUER || ISSUER;
  const metadata = await askTelegram(`${issuer}/.well-known/openid-configuration`);
  const endpoint = (name: string) => endpointIn(metadata, name, issuer);
  if (metadata.issuer !== issuer) throw invalidMetadata('the issuer is another one');
  const provider = {
    issuer,
    authorizationEndpoint: endpoint('authorization_endpoint'),
    tokenEndpoint: endpoint('token_endpoint'),
    keys: createRemoteJWKSet(new URL(endpoint('jwks_uri')), { timeoutDuration: TIMEOUT_MILLISECONDS }),
  };
  cached = { provider, until: Date.now() + CACHE_MILLISECONDS };
  return provider;
}

/** An endpoint must have the scheme of the issuer: `https`, except in tests, where the issuer has `http`. */
function endpointIn(metadata: Record<string, unknown>, name: string, issuer: string): string {
  const value = metadata[name];
  const scheme = new URL(issuer).protocol;
  if (typeof value === 'string' && URL.canParse(value) && new URL(value).protocol === scheme) return value;
  throw invalidMetadata(`${name} is missing or has another scheme`);
}

function invalidMetadata(what: string): ServiceUnreachableError {
  return new ServiceUnreachableError('Telegram', { cause: new Error(`Discovery document: ${what}.`) });
}

async function askTelegram(url: string, request: RequestInit = {}): Promise<Record<string, unknown>> {
  let answer: Response;
  let body: unknown;
  try {
    answer = await fetch(url, {
      ...request,
      redirect: 'error',
      signal: endsWithin(TIMEOUT_MILLISECONDS),
    });
    body = await answer.json();
  } catch (cause) {
    throw new ServiceUnreachableError('Telegram', { cause });
  }
  if (answer.status === 429 || answer.status >= 500) {
    throw new ServiceUnreachableError('Telegram', { cause: new Error(`${answer.status} from ${url}`) });
  }
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : undefined;
  if (answer.ok && fields) return fields;
  throw new OpenIdRefusalError(
    `Telegram refused: ${answer.status} ${String(fields?.error ?? '').slice(0, 100)}`,
  );
}
