import { InvalidInputError, ServiceUnreachableError } from '../lib/domain/errors.ts';
import { HttpProblem } from '../lib/http/problems.ts';
import { ApiRefusal, ApiUnreachableError } from './call-api.ts';
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
  if (errors) return errors.map(({ pointer, detail }) => `--${pointer.replace(/^\//, '')}: ${detail}`);
  if (error instanceof ApiUnreachableError)
    return [
      error.message,
      'Is the address right? For the local run: does npm start run, and on this port (PORT)?',
    ];
  const chain = causesOf(error);
  const service = error instanceof ServiceUnreachableError ? serviceOf(error) : client;
  const fault = service && faultOfAws(chain, service);
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
  return undefined;
}

/** What a service has. */
const THINGS: Record<Service, string> = {
  DynamoDB: 'table',
  SQS: 'queue',
  Lambda: 'function',
  CloudFormation: 'stack',
};

function localAdvice(service: Service): string {
  const ports = service === 'Lambda' ? 'LAMBDA_PORT' : 'DYNAMODB_PORT and SQS_PORT';
  return `Does the local run (npm start) run, and on these ports? It prints them ("Inside"): give them as ${ports}. For a deployment say --stage.`;
}

const ADVICE = 'Look at your network, at a proxy, and at AWS_ENDPOINT_URL if you have set it.';

type Link = { name: string; message: string; code: string };

/** An error and its causes, outermost first. */
function causesOf(error: unknown): Link[] {
  if (!(error instanceof Error)) return [];
  const inner: unknown[] = error instanceof AggregateError ? error.errors : [error.cause];
  const code = 'code' in error ? String(error.code) : '';
  return [{ name: error.name, message: error.message, code }, ...inner.flatMap(causesOf)];
}
