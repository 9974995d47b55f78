/** Reads the environment variables of the local run (README, "Local run"). */
import { join, resolve } from 'node:path';
import { becomesFree } from './ports.ts';
import { type PortWish, type Run, StartError } from './run.ts';

/** Those are addresses that people know: when taken, the run says so instead of moving. */
const KNOWN_PORTS = { PORT: 3000, TELEGRAM_PORT: 3001 };
/** Those are for who wants to look inside: they move aside unless asked for. */
const INNER_PORTS = { LAMBDA_PORT: 3002, SQS_PORT: 3003, DYNAMODB_PORT: 3004 };
const USUAL_PORTS = { ...KNOWN_PORTS, ...INNER_PORTS };
type PortName = keyof typeof USUAL_PORTS;

const USUAL_DATA = '.local';

const TELEGRAM = 'https://api.telegram.org';

type Environment = Record<string, string | undefined>;

/** All of a run but the bundles of its functions. @throws StartError where the environment asks for what can't be. */
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

async function choosePorts(environment: Environment, names: PortName[]): Promise<Record<PortName, PortWish>> {
  const wishes = {} as Record<PortName, PortWish>;
  const taken = new Map<number, PortName>();
  // What is asked for goes first: what is only usual gives way to it.
  const isAsked = (name: PortName) => Boolean(environment[name]);
  for (const name of [...names.filter(isAsked), ...names.filter((name) => !isAsked(name))]) {
    const movesAside = name in INNER_PORTS && !isAsked(name);
    const port = isAsked(name) ? readPort(name, environment[name] ?? '') : USUAL_PORTS[name];
    const other = taken.get(port);
    if (movesAside) {
      wishes[name] = { port: other ? 0 : port, movesAside };
      continue;
    }
    if (other) throw new StartError(`${name} and ${other} are both ${port}. Give ${name} another port.`);
    taken.set(port, name);
    wishes[name] = { port, movesAside };
  }
  await Promise.all([...taken].map(([port, name]) => checkFree(port, name)));
  return wishes;
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
    `TELEGRAM_API_ROOT=${address} is not the address of a Bot API server, such as http://localhost:8081.`,
  );
}

/** The token itself is never repeated: what is printed ends up in logs and on screens. */
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
  // The chats of a real bot and those of the emulator have nothing to do with each other.
  const usual = join(root, USUAL_DATA, ...(botToken ? [`bot-${botToken.split(':', 1)[0]}`] : []));
  return { dataDirectory: usual, otherDataDirectory: join(usual, `port-${apiPort}`) };
}
