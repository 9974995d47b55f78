/** Requests of commands to the API, whose address a person has given. */
import { UsageError } from './command-line.ts';

/** What is known of a refusal: a problem of the API, or the answer of something before it. */
interface Refusal {
  status: number;
  detail: string;
  errors?: { pointer: string; detail: string }[];
}

/** The API refuses a request. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
  readonly problem: Refusal;
  /** Who has refused it. */
  readonly address: string;

  constructor(problem: Refusal, address: string) {
    super(problem.detail);
    this.problem = problem;
    this.address = address;
  }
}

/** Nobody answers at the address, or nobody who can be understood: the message says which. */
export class ApiUnreachableError extends Error {
  override readonly name = 'ApiUnreachableError';
}

/** @throws ApiUnreachableError, UsageError; an answer of whatever status is returned. */
export async function askApi(url: string, request: RequestInit): Promise<Response> {
  refuseStrangeKey(request);
  try {
    return await fetch(url, request);
  } catch (cause) {
    throw new ApiUnreachableError(whyNone(new URL(url).origin, cause), { cause });
  }
}

/** Of the headers only the key is a person's. What the platform says of it would show it. */
function refuseStrangeKey({ headers }: RequestInit): void {
  try {
    new Headers(headers);
  } catch {
    throw new UsageError(
      'The site key has a character that no key has, such as a line break: nothing was sent.',
    );
  }
}

function whyNone(origin: string, error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { code = '', message = '' } = inner as { code?: string; message?: string };
  const why = message || code;
  const says = (pattern: RegExp) => pattern.test(`${code} ${message}`);
  if (says(CERTIFICATE)) return `${origin} shows a certificate that is not trusted (${why}). ${TRUST}`;
  if (says(NO_TLS)) return `${origin} does not speak TLS. Should it be http:// instead of https://?`;
  if (says(/HPE_|Parse Error/)) return `What answers at ${origin} does not speak HTTP (${why}).`;
  return `Nobody answers at ${origin} (${why}).`;
}

/** Node's and OpenSSL's names for a certificate that is not trusted: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
export const CERTIFICATE = /CERT_|_CERT|certificate|UNABLE_TO_VERIFY/;
export const TRUST =
  'A proxy may open the connection: put the file with its certificate authority into NODE_EXTRA_CA_CERTS. Is the clock right?';

/** TLS with a server that has none. */
export const NO_TLS = /EPROTO|WRONG_VERSION_NUMBER|wrong version number|packet length too long/;

/** The refusal in an answer. Not every one comes from the API: a proxy may answer too, or API Gateway before a function. */
export async function refusalIn(answer: Response): Promise<ApiRefusal> {
  const { status, statusText, url } = answer;
  const address = new URL(url).origin;
  const problem = parse(await answer.text());
  if (problem) return new ApiRefusal({ ...problem, status }, address);
  const title = statusText || 'without a reason';
  return new ApiRefusal({ status, detail: `${title} (of ${url}). Is the address right?` }, address);
}

function parse(text: string): Refusal | undefined {
  try {
    const problem: Partial<Refusal> | null = JSON.parse(text);
    return problem?.detail === undefined ? undefined : (problem as Refusal);
  } catch {
    return undefined;
  }
}
