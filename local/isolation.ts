/**
 * Keeps what runs on one machine apart from that machine's own settings: the AWS account of the person who runs it, and
 * the proxy of their network. docs/surroundings.md has the whole list.
 */
import { devNull } from 'node:os';

type Environment = Record<string, string | undefined>;

/** Settings of AWS clients, and of the SQS of this machine (fauxqs), which would keep its data elsewhere. */
const FOREIGN = /^(AWS|_X_AMZN|FAUXQS)_/i;

/** Nothing is asked of a proxy for these. Node writes IPv6 addresses with and without brackets. */
const LOOPBACK = ['127.0.0.1', 'localhost', '::1', '[::1]'];

/** What Node reads about proxies. */
const PROXY_VARIABLES = ['NODE_USE_ENV_PROXY', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'].flatMap((name) => [
  name,
  name.toLowerCase(),
]);

/**
 * Takes every setting of AWS out of an environment, so that clients see only what they are given afterwards: no profile,
 * no key, no other address, no settings file, no metadata service. A proxy is kept, but not for this machine.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
 */
export function isolate(environment: Environment): void {
  for (const name of Object.keys(environment)) if (FOREIGN.test(name)) delete environment[name];
  Object.assign(environment, {
    // Without these two the clients read ~/.aws.
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
  });
  bypassProxyForLoopback(environment);
}

/** What this machine serves is never asked of a proxy, whose own loopback would be another machine. */
export function bypassProxyForLoopback(environment: Environment): void {
  const others = environment.no_proxy || environment.NO_PROXY;
  const direct = [...LOOPBACK, ...(others ?? '').split(',')].map((host) => host.trim()).filter(Boolean);
  environment.NO_PROXY = environment.no_proxy = [...new Set(direct)].join(',');
}

/** The variables about proxies, for a function: it gets no others of this process. */
export function proxyVariables(environment: Environment): Record<string, string> {
  const given = PROXY_VARIABLES.map((name) => [name, environment[name]] as const);
  return Object.fromEntries(given.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
