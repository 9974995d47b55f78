/** Reads the environment variables of the local run (README, "Local run"). */
import { join, resolve } from 'node:path';
import { becomesFree } from './ports.ts';
import { type RequestedPort, type Run, StartError } from './run.ts';

/** People know these addresses: where such a port is taken, the run does not start. */
const KNOWN_PORTS = { PORT: 3000, TELEGRAM_PORT: 3001 };
/** For people who want to look inside: where such a port is taken, another one is used, unless it was asked for. */
const INNER_PORTS = { LAMBDA_PORT: 3002, SQS_PORT: 3003, DYNAMODB_PORT: 3004 };
const USUAL_PORTS = { ...KNOWN_PORTS, ...INNER_PORTS };
type PortName = keyof typeof USUAL_PORTS;

const USUAL_DATA = '.local';

const TELEGRAM = 'https://api.telegram.org';

type Environment = Record<string, string | undefined>;

/** The settings of a run, without the bundles. @throws StartError where a variable has a value that can't be used. */
export async function readSettings(
  environment: Environment,
  root: string,
): Promise<Omit<Run, 'functionsDirectory'>> {
  const botToken = environment.TELEGRAM_BOT_TOKEN || undefined;
  if (botToken !== undefined) checkBotToken(botToken);
  const isRealTelegram = botToken !== undefined && !environment.TELEGRAM_API_ROOT;
  const telegramApiRoot = isRealTelegram ? TELEGRAM : environment.TELEGRAM_API_ROOT || undefined;
  if (telegramApiRoot !== undefined) checkAddress(telegramApiRoot);
  const wanted = Object.keys(USUAL_PORTS) as PortName[];
  const names = telegramApiRoot === undefined ? wanted : wanted.filter((name) => name !== 'TELEGRAM_PORT');
  const ports = await choosePorts(environment, names);
  return {
    apiPort: ports.PORT.port,
    ...(telegramApiRoot === undefined ? { telegramPort: ports.TELEGRAM_PORT.port } : { telegramApiRoot }),
    isRealTelegram,
    lambda: ports.LAMBDA_PORT,
    sqs: ports.SQS_PORT,
    dynamodb: ports.DYNAMODB_PORT,
    ...dataDirectories(environment, root, ports.PORT.port, botToken),
  };
}

async function choosePorts(
  environment: Environment,
  names: PortName[],
): Promise<Record<PortName, RequestedPort>> {
  const ports = {} as Record<PortName, RequestedPort>;
  const taken = new Map<number, PortName>();
  // Ports that were asked for come first: a default port that is the same gives way.
  const isAsked = (name: PortName) => Boolean(environment[name]);
  for (const name of [...names.filter(isAsked), ...names.filter((name) => !isAsked(name))]) {
    const anyIfTaken = name in INNER_PORTS && !isAsked(name);
    const port = isAsked(name) ? readPort(name, environment[name] ?? '') : USUAL_PORTS[name];
    const other = taken.get(port);
    if (anyIfTaken) {
      ports[name] = { port: other ? 0 : port, anyIfTaken };
      continue;
    }
    if (other) throw new StartError(`${name} and ${other} are both ${port}. Give ${name} another port.`);
    taken.set(port, name);
    ports[name] = { port, anyIfTaken };
  }
  await Promise.all([...taken].map(([port, name]) => checkFree(port, name)));
  return ports;
}

function readPort(name: PortName, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new StartError(
    `${name}=${text} is not a port. Give a number from 1 to 65535, such as ${name}=${USUAL_PORTS[name]}.`,
  );
}

async function checkFree(port: number, name: PortName): Promise<void> {
  if (await becomesFree(port)) return;
  const other = port < 64_535 ? port + 1000 : port - 1000;
  throw new StartError(
    `Port ${port} (${name}) is in use by another program, perhaps another run of this one. Stop it, or choose another ` +
      `port: ${name}=${other} npm start. (A second run needs its own PORT and its own TELEGRAM_PORT.)`,
  );
}

function checkAddress(address: string): void {
  if (/^https?:\/\//.test(address) && URL.canParse(address)) return;
  throw new StartError(
    `TELEGRAM_API_ROOT=${address} is not the address of a Bot API server, such as http://127.0.0.1:8081.`,
  );
}

/** The message does not repeat the token: it may be printed to a log. */
function checkBotToken(token: string): void {
  if (/^\d+:[A-Za-z0-9_-]+$/.test(token)) return;
  throw new StartError(
    'TELEGRAM_BOT_TOKEN is not a bot token. @BotFather gives it: digits, a colon, then letters, digits, "-" and "_".',
  );
}

function dataDirectories(
  environment: Environment,
  root: string,
  apiPort: number,
  botToken: string | undefined,
) {
  const asked = environment.LOCAL_DATA;
  if (asked === 'memory') return {};
  if (asked) return { dataDirectory: resolve(root, asked) };
  // The data of a real bot is kept apart from that of the emulator.
  const usual = join(root, USUAL_DATA, ...(botToken ? [`bot-${botToken.split(':', 1)[0]}`] : []));
  return { dataDirectory: usual, ownDataDirectory: join(usual, `port-${apiPort}`) };
}
