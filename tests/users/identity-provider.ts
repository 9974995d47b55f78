/** An OpenID provider as Telegram's is described: authorization code, PKCE (S256), HTTP Basic, a numeric audience. */
import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

/** What the provider does otherwise than it should. */
interface Behaviour {
  /** Instead of the usual claims; `undefined` leaves one out. */
  claims?: Record<string, unknown>;
  algorithm?: 'RS256' | 'ES256' | 'EdDSA' | 'HS256';
  /** Signs with a key that is not among those it shows. */
  signsWithOtherKey?: boolean;
  /** The person says no. */
  refuses?: boolean;
  /** The token endpoint answers so. */
  tokenAnswer?: { status: number; body: string };
  issuer?: string;
}

export interface IdentityProvider {
  url: string;
  clientSecret: string;
  /** Who is logged in at the provider. */
  person: { id: number; preferred_username?: string; name?: string };
  behaviour: Behaviour;
  /** Requests so far, such as `POST /token`. */
  requests: string[];
  close(): Promise<void>;
}

interface Grant {
  clientId: string;
  redirectUri: string;
  challenge: string;
  nonce: string;
}

const CLIENT_ID = '100';

export async function startIdentityProvider(): Promise<IdentityProvider> {
  const keys = {
    RS256: await generateKeyPair('RS256'),
    ES256: await generateKeyPair('ES256'),
    EdDSA: await generateKeyPair('EdDSA'),
    other: await generateKeyPair('RS256'),
  };
  const grants = new Map<string, Grant>();
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      response.statusCode = 500;
      response.end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider: IdentityProvider = {
    url,
    clientSecret: 'segreto:con due%punti',
    person: { id: 0 },
    behaviour: {},
    requests: [],
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = new URL(request.url ?? '', url);
    provider.requests.push(`${request.method} ${address.pathname}`);
    const json = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    switch (address.pathname) {
      case '/.well-known/openid-configuration':
        return void json(200, {
          issuer: provider.behaviour.issuer ?? url,
          authorization_endpoint: `${url}/auth`,
          token_endpoint: `${url}/token`,
          jwks_uri: `${url}/.well-known/jwks.json`,
        });
      case '/.well-known/jwks.json':
        return void json(200, { keys: await publicKeys() });
      case '/auth':
        return void response.writeHead(302, { location: authorize(address.searchParams) }).end();
      case '/token': {
        const { tokenAnswer } = provider.behaviour;
        if (tokenAnswer) return void response.writeHead(tokenAnswer.status).end(tokenAnswer.body);
        const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)).toString();
        const grant = redeem(request.headers.authorization, new URLSearchParams(body));
        if (!grant) return void json(400, { error: 'invalid_grant' });
        return void json(200, { token_type: 'Bearer', access_token: 'x', id_token: await idToken(grant) });
      }
      default:
        return void json(404, { error: 'not_found' });
    }
  }

  function publicKeys() {
    const shown = [keys.RS256, keys.ES256, keys.EdDSA];
    return Promise.all(
      shown.map(async ({ publicKey }, index) => ({ ...(await exportJWK(publicKey)), kid: `${index}` })),
    );
  }

  function authorize(query: URLSearchParams): string {
    const wanted = (name: string) => query.get(name) ?? '';
    if (wanted('response_type') !== 'code' || wanted('code_challenge_method') !== 'S256')
      throw new Error('Not the code flow with PKCE.');
    if (!wanted('scope').split(' ').includes('openid')) throw new Error('Not OpenID Connect.');
    if (!/^[A-Za-z0-9_-]{20,64}$/.test(wanted('state'))) throw new Error('A state that Telegram may cut.');
    const code = randomUUID();
    grants.set(code, {
      clientId: wanted('client_id'),
      redirectUri: wanted('redirect_uri'),
      challenge: wanted('code_challenge'),
      nonce: wanted('nonce'),
    });
    const back = new URL(wanted('redirect_uri'));
    back.searchParams.set('state', wanted('state'));
    if (provider.behaviour.refuses) back.searchParams.set('error', 'access_denied');
    else back.searchParams.set('code', code);
    return back.href;
  }

  /** RFC 6749, sections 2.3.1 and 4.1.3; RFC 7636, section 4.6. */
  function redeem(authorization: string | undefined, body: URLSearchParams): Grant | undefined {
    const basic = [CLIENT_ID, provider.clientSecret].map(encodeURIComponent).join(':');
    if (authorization !== `Basic ${Buffer.from(basic).toString('base64')}`) return undefined;
    const grant = grants.get(body.get('code') ?? '');
    grants.delete(body.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(body.get('code_verifier') ?? '')
      .digest('base64url');
    const isRight =
      grant?.clientId === CLIENT_ID &&
      body.get('grant_type') === 'authorization_code' &&
      body.get('redirect_uri') === grant.redirectUri &&
      challenge === grant.challenge;
    return isRight ? grant : undefined;
  }

  function idToken({ nonce }: Grant): Promise<string> {
    const { algorithm = 'RS256', signsWithOtherKey, claims } = provider.behaviour;
    const now = Math.floor(Date.now() / 1000);
    const payload = {
      iss: url,
      // Telegram gives a number where the standard has a text.
      aud: Number(CLIENT_ID),
      sub: `opaque-${provider.person.id}`,
      iat: now,
      exp: now + 300,
      nonce,
      ...provider.person,
      ...claims,
    } as unknown as JWTPayload;
    const key: CryptoKey | Uint8Array =
      algorithm === 'HS256'
        ? new TextEncoder().encode(provider.clientSecret.padEnd(32))
        : keys[signsWithOtherKey ? 'other' : algorithm].privateKey;
    return new SignJWT(payload).setProtectedHeader({ alg: algorithm }).sign(key);
  }

  return provider;
}
