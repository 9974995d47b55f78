import { InvalidInputError, ServiceUnreachableError } from '../lib/domain/errors.ts';
import { inLanguage } from '../lib/domain/sentence.ts';
import { HttpProblem } from '../lib/http/problems.ts';
import { ApiRefusal, ApiUnreachableError, CERTIFICATE, NO_TLS, TRUST } from './call-api.ts';
import { isLocalStage, placeOf, type Service } from './stage.ts';

/** Where the key of a command comes from, if it is not only asked for. */
const KEY_OF: Record<string, string> = { 'import-users': '--site and SITE_KEY' };

/**
 * The error as sentences for a person at a terminal, without secrets: what is wrong, at which address, and what to do.
 *
 * @param command as in `npm run COMMAND`.
 * @param client whose client throws the errors that don't say whose they are.
 */
export function explain(error: unknown, command: string, client?: Service): string[] {
  if (error instanceof ApiRefusal) return refusalOf(error, command);
  const wrong = error instanceof HttpProblem ? error.problem.errors : undefined;
  const errors = error instanceof InvalidInputError ? error.errors : wrong;
  // The fields of the body are the options of the command.
  if (errors)
    return errors.map(
      ({ pointer, detail }) => `--${pointer.replace(/^\//, '')}: ${inLanguage(detail, 'en')}`,
    );
  if (error instanceof ApiUnreachableError)
    return [
      error.message,
      'Is the address right? For the local run: does npm start run, and on this port (PORT)?',
    ];
  const chain = causesOf(error);
  const service = error instanceof ServiceUnreachableError ? serviceOf(error) : client;
  const fault = service && (faultOfAws(chain, service) ?? otherFault(chain, service));
  return fault ?? [chain.at(-1)?.message ?? String(error)];
}

function refusalOf(
  { address, problem: { status, detail, errors = [] } }: ApiRefusal,
  command: string,
): string[] {
  const key = KEY_OF[command] ?? "the site's id and its key";
  if (status === 401)
    return [
      `${address} answers 401: Unknown site or wrong key.`,
      `Check ${key}, and that this is the address of the stage where the site is.`,
    ];
  return [
    `${address} answers ${status}: ${detail}`,
    ...errors.map((wrong) => `${wrong.pointer}: ${wrong.detail}`),
  ];
}

function serviceOf({ service }: ServiceUnreachableError): Service | undefined {
  return service === 'DynamoDB' || service === 'SQS' ? service : undefined;
}

/** What AWS's names of errors mean, and what is to be done. The first that fits holds. */
function faultOfAws(chain: Link[], service: Service): string[] | undefined {
  const place = placeOf(service);
  const last = chain.at(-1)?.message ?? '';
  const says = (pattern: RegExp) =>
    chain.some(({ name, message, code }) => pattern.test(`${name} ${message} ${code}`));
  if (says(/ResourceNotFound/))
    return [`${place} has no such ${THINGS[service]}.`, 'Is --stage right, and --region (or AWS_REGION)?'];
  if (says(/QueueDoesNotExist|NonExistentQueue/))
    return [
      `${place} has no such queue.`,
      'Is --stage right, and --region (or AWS_REGION)? Without event queues (eventQueues) there are none for events.',
    ];
  if (says(/Stack with id .* does not exist/))
    return [`${place}: ${last}.`, 'Is --stage right, and --region (or AWS_REGION)? Or say --api.'];
  if (says(/ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|TimeoutError/))
    return [`Nobody answers: ${place}.`, isLocalStage() ? localAdvice(service) : ADVICE];
  if (says(/ENOTFOUND|EAI_AGAIN/))
    return [`${place} is not found (${last}).`, 'Is --region (or AWS_REGION) right, and is there a network?'];
  if (says(/Throttl|ProvisionedThroughputExceeded|RequestLimitExceeded|TooManyRequests|SlowDown/))
    return [`${place} takes no more requests at the moment: ${last}`, 'Try again in a minute.'];
  if (says(/Region not accepted|not a valid hostname|Region is missing/))
    return [`${place}: ${last}`, 'The region is wrong: look at --region, AWS_REGION and AWS_DEFAULT_REGION.'];
  if (says(/ERR_INVALID_URL|Invalid URL/))
    return [
      `${place}: that is no address.`,
      `Look at ${isLocalStage() ? portsOf(service) : 'AWS_ENDPOINT_URL, and those for one service'}.`,
    ];
  if (says(CERTIFICATE)) return [`${place} shows a certificate that is not trusted (${last}).`, TRUST];
  if (says(NO_TLS)) return [`${place} does not speak TLS.`, 'Should the address begin with http://?'];
  if (says(/RequestTimeTooSkewed|RequestExpired|Signature expired|Signature not yet current/))
    return [`${place}: ${last}`, 'The clock of this machine is wrong: set it.'];
  if (says(/OptInRequired/))
    return [
      `${place}: ${last}`,
      'Your account has not enabled this region or service, or is not ready yet: look at the AWS console.',
    ];
  if (says(/AccessDenied|NotAuthorized/))
    return [
      `${place} does not let this be done: ${last}`,
      'docs/deploy.md, "Who deploys", says what each command needs. Who you are: aws sts get-caller-identity',
    ];
  if (says(/Expired/))
    return [`${place}: your AWS credentials have expired.`, 'Sign in again: aws sso login'];
  if (says(/Credentials|UnrecognizedClient|InvalidClientTokenId|SignatureDoesNotMatch|InvalidSignature/))
    return [
      `${place} does not know you: ${last}`,
      'Look at your AWS credentials (AWS_PROFILE), and whether your account has enabled this region.',
    ];
  if (says(/UnknownError|Unexpected token|is not valid JSON|Deserialization error|Parse Error|HPE_/))
    return [
      `${place}: what answers there is not ${service} (${last}).`,
      isLocalStage() ? localAdvice(service) : ADVICE,
    ];
  const isFaultOfServer = chain.some(({ status }) => status >= 500);
  if (isFaultOfServer || says(/InternalServerError|InternalFailure|InternalError|ServiceUnavailable/))
    return [`${place} has a fault of its own: ${last}`, 'Try again in some minutes.'];
  return undefined;
}

/** What is said of any other error of an AWS client. An error of our own has its own sentence. */
function otherFault(chain: Link[], service: Service): string[] | undefined {
  const [{ name = '', message = '' } = {}] = chain.slice(-1);
  if (!chain.some((link) => link.isOfAws)) return undefined;
  return [
    `${placeOf(service)} did not do it: ${name}: ${message}`,
    'Is this the right stage and region, or address? Else look for this error in the documentation of AWS.',
  ];
}

/** What a service has. */
const THINGS: Record<Service, string> = {
  DynamoDB: 'table',
  SQS: 'queue',
  Lambda: 'function',
  CloudFormation: 'stack',
};

function localAdvice(service: Service): string {
  return `Does the local run (npm start) run, and on these ports? It prints them ("Inside"): give them as ${portsOf(service)}. For a deployment say --stage.`;
}

function portsOf(service: Service): string {
  return service === 'Lambda' ? 'LAMBDA_PORT' : 'DYNAMODB_PORT and SQS_PORT';
}

const ADVICE = 'Look at your network, at a proxy, and at AWS_ENDPOINT_URL if you have set it.';

interface Link {
  name: string;
  message: string;
  code: string;
  /** HTTP's, where AWS has answered; else 0. */
  status: number;
  isOfAws: boolean;
}

/** An error and its causes, outermost first. */
function causesOf(error: unknown): Link[] {
  if (!(error instanceof Error)) return [];
  const inner: unknown[] = error instanceof AggregateError ? error.errors : [error.cause];
  const code = 'code' in error ? String(error.code) : '';
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  const link = { name: error.name, message: error.message, code, status: $metadata?.httpStatusCode ?? 0 };
  const isOfAws = $metadata !== undefined || error instanceof ServiceUnreachableError;
  return [{ ...link, isOfAws }, ...inner.flatMap(causesOf)];
}
