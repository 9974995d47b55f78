/** The present state, deployed where nothing was, as README says; then the story of a shop. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  aws,
  deployArguments,
  describeStack,
  outputOf,
  serverless,
  stackOf,
  variableOf,
} from './deployment.ts';
import { BOTS, type Machine } from './machine.ts';
import type { Pages } from './pages.ts';
import { copyPresent } from './product.ts';
import { Shell } from './shell.ts';
import { type PersonId, Shop, sample } from './shop.ts';
import { expectEqual, expectMatch, Seen, stepsOf, until } from './steps.ts';

const STAGE = 'fresh';

const step = stepsOf(STAGE);

/** Whom each event reaches, and what is in the message: from `local/samples`. */
const NOW: Record<string, { people: PersonId[]; text: string }> = {
  'order-status': { people: ['anna'], text: 'OC 2026/0412' },
  'message-sent': { people: ['anna', 'bruno'], text: 'Nuovo listino invernale' },
  'message-read': { people: ['bruno'], text: 'Richiesta di campioni' },
  'activity-status': { people: ['anna'], text: 'Visita al magazzino di Rimini' },
  'activity-viewed': { people: ['bruno'], text: 'Preventivo per l' },
  'file-upload': { people: ['anna', 'bruno'], text: 'Catalogo primavera 2027.pdf' },
  'file-access': { people: ['bruno'], text: 'Listino 2026.xlsx' },
};

export async function rehearseFresh(machine: Machine, pages: Pages): Promise<Shop> {
  const folder = await step('A copy of the present state', () => copyPresent(join(machine.folder, STAGE)));
  let platformKey = '';
  await step('README: package, secrets, serverless deploy', async () => {
    platformKey = await deployAsReadmeSays(machine, pages, folder);
  });
  const api = await outputOf(STAGE, 'ApiUrl');
  const shop = new Shop({
    siteId: 'shop',
    stage: STAGE,
    api,
    telegram: machine.telegram,
    bot: BOTS.fresh,
    chats: { anna: 1001, bruno: 1002, carla: 1003 },
  });
  await step('A site is created, its bot saved, its webhook set', () => openShop(shop, platformKey));
  await step('Three people follow their links, press Start, and are welcomed', async () => {
    for (const person of ['anna', 'bruno', 'carla'] as const) await shop.link(person);
  });
  await step('Carts and reminders are scheduled, by HTTPS and by SQS', () => schedule(shop));
  await step('Seven events by HTTPS arrive at once', () => sevenEvents(shop, 'https'));
  await step('Seven events by SQS arrive at once', () => sevenEvents(shop, 'sqs'));
  await step('The same event repeats nothing', () => repeat(shop));
  await step('A broken event: 400, and by SQS a dead letter with its reason', () => breakEvent(shop));
  await step('Telegram answers 502 three times: the message comes once', () => sufferTelegram(shop));
  await step('Carts and reminders arrive by the Scheduler', () => awaitScheduled(shop));
  await step('/stop: no more messages, and the log says so', () => optOut(shop));
  await step('The log has every message as sent', () => readLog(shop));
  await step('A deployment that changes nothing changes nothing', () =>
    deployNothing(machine, folder, platformKey),
  );
  await step('A deployment that fails is rolled back, and the shop is served before and after', () =>
    failToDeploy(machine, folder, shop, platformKey),
  );
  return shop;
}

/** @returns the platform's key. */
async function deployAsReadmeSays(machine: Machine, pages: Pages, folder: string): Promise<string> {
  const state = join(machine.folder, 'readme.sh');
  const shell = new Shell({ cwd: folder, env: machine.environment, state });
  await pages.runRest(shell, 'README.md', {
    words: {
      'STAGE=prod': `STAGE=${STAGE}`,
      // One key of 64 begins with a hyphen, like an option.
      'PLATFORM_KEY=$(openssl': 'PLATFORM_KEY=-$(openssl',
    },
  });
  const stack = await describeStack(STAGE);
  expectMatch('the state of the stack', stack?.StackStatus ?? 'none', /^(CREATE|UPDATE)_COMPLETE$/);
  return shell.variable('PLATFORM_KEY');
}

async function openShop(shop: Shop, platformKey: string): Promise<void> {
  await shop.open(platformKey);
  await shop.saveBot();
  const answer = await fetch(`${shop.telegram}/bot${shop.bot.token}/getWebhookInfo`);
  const { result } = (await answer.json()) as { result: { url: string } };
  expectEqual('the webhook', result.url, `${shop.api}/v1/telegram/${shop.siteId}`);
}

const WAYS = ['https', 'sqs'] as const;
type Way = (typeof WAYS)[number];

/** To whom the cart goes, and its total as their language writes it. */
const CARTS = {
  https: { person: 'bruno', amount: '81.00', shown: '81.00' },
  sqs: { person: 'carla', amount: '82.00', shown: '82,00' },
} as const;

/** Carts are due at once and go out with the next run; reminders are due half a minute from now. */
async function schedule(shop: Shop): Promise<void> {
  await shop.expect(200, 'PATCH', '', { abandonedCartHours: 0 });
  const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
  for (const way of WAYS) {
    const { person, amount } = CARTS[way];
    const total = { amount, currency: 'EUR' };
    const cart = { id: `cart-${way}`, itemCount: 2, total, url: 'https://shop.example/carrello' };
    await report(shop, way, 'abandoned-cart', { eventId: cart.id, cart, user: { id: person } });
    const id = `reminder-${way}`;
    const activity = { id, subject: `Riunione ${way}`, date: inMinutes(60.5) };
    const recipients = [{ id: 'anna' }];
    await report(shop, way, 'activity-reminder', {
      eventId: id,
      activity,
      remindMinutesBefore: 60,
      recipients,
    });
  }
}

async function report(shop: Shop, way: Way, event: string, payload: object): Promise<void> {
  if (way === 'sqs') return shop.send(event, payload);
  const answer = await shop.report(event, payload);
  expectEqual(`the status of the answer to ${event}`, answer.status, 202);
}

async function awaitScheduled(shop: Shop): Promise<void> {
  for (const way of WAYS) {
    await shop.message(CARTS[way].person, CARTS[way].shown, 100);
    await shop.message('anna', `Riunione ${way}`, 180);
  }
}

async function sevenEvents(shop: Shop, way: Way): Promise<void> {
  for (const event of Object.keys(NOW)) await report(shop, way, event, await variant(event, way));
  for (const { people, text } of Object.values(NOW))
    for (const person of people) await shop.message(person, `${text} ${way}`);
}

/** The sample with another id, another thing that it speaks of, and another text. */
async function variant(event: string, way: Way): Promise<object> {
  const { text } = NOW[event] ?? { text: '' };
  const payload = JSON.stringify(await sample(event, `${event}-${way}`));
  return JSON.parse(payload.replaceAll(text, `${text} ${way}`).replace(/("id":"\d+)"/, `$1-${way}"`));
}

/** Reported again by both ways; a later event then comes after all of these. */
async function repeat(shop: Shop): Promise<void> {
  const payload = await variant('order-status', 'https');
  const answer = await shop.report('order-status', payload);
  expectEqual('"repeated"', answer.repeated, true);
  await shop.send('order-status', payload);
  await untilEmpty(shop, 'order-status');
  await shop.report('order-status', shop.order('after-repeat'));
  await shop.message('anna', 'after-repeat');
  await shop.message('anna', 'OC 2026/0412 https');
}

async function untilEmpty(shop: Shop, queue: string): Promise<void> {
  await until(`the queue ${queue} to be empty`, 60, async () => (await shop.depthOf(queue)) === 0);
}

async function breakEvent(shop: Shop): Promise<void> {
  const { holder, ...broken } = shop.order('broken');
  const payload = { ...broken, holder: { id: 'anna', nome: 'Anna' } };
  const answer = await shop.report('order-status', payload);
  expectEqual('the status of the answer', answer.status, 400);
  await shop.send('order-status', payload);
  const [dead] = await until('a dead letter', 60, async () => {
    const found = await shop.messagesIn('order-status-dead');
    return found.length > 0 && found;
  });
  expectMatch(
    'its reason',
    dead?.MessageAttributes?.reason?.StringValue ?? '',
    /^\/holder\/nome: Unknown property/,
  );
}

async function sufferTelegram(shop: Shop): Promise<void> {
  await shop.fail('anna', 502, 3);
  await shop.report('order-status', shop.order('healed'));
  await shop.message('anna', 'healed', 180);
}

async function optOut(shop: Shop): Promise<void> {
  const before = (await shop.messages('carla')).length;
  await shop.write('carla', '/stop');
  await until('an answer to /stop', 60, async () => (await shop.messages('carla')).length > before);
  const { notifications = [] } = await shop.report('order-status', shop.order('unwanted', 'carla'));
  expectEqual('what becomes of an event', notifications[0]?.status, 'skipped');
  const { deliveries } = await shop.expect(200, 'GET', '/deliveries?userId=carla&status=skipped');
  expectEqual('skipped in the log', (deliveries as object[]).length, 1);
}

async function readLog(shop: Shop): Promise<void> {
  const { deliveries } = await shop.expect(200, 'GET', '/deliveries?userId=bruno&limit=100');
  const rows = deliveries as { event: string; status: string }[];
  const unsent = rows.filter(({ status }) => status !== 'sent');
  expectEqual('what is not sent', unsent, []);
  const expected = Object.entries(NOW).flatMap(([event, { people }]) =>
    people.includes('bruno') ? [event, event] : [],
  );
  const events = rows.map(({ event }) => event).filter((event) => event in NOW);
  expectEqual('the events of the log', events.sort(), expected.sort());
}

async function deployNothing(machine: Machine, folder: string, platformKey: string): Promise<void> {
  const before = await describeStack(STAGE);
  const output = await serverless(machine, folder, deployArguments(STAGE, platformKey));
  expectMatch('what it prints', output, /No changes to deploy/);
  const after = await describeStack(STAGE);
  expectEqual('when the stack was last updated', after?.LastUpdatedTime, before?.LastUpdatedTime);
}

/** The function was changed before the alarm failed, and changed back after it. MiniStack calls also a new alarm's failure that of an update. */
const FAILED_AND_ROLLED_BACK =
  /OrderDashstatusLambdaFunction\s+UPDATE_COMPLETE[\s\S]*AlarmWithoutThreshold\s+(?:CREATE|UPDATE)_FAILED[\s\S]*OrderDashstatusLambdaFunction\s+UPDATE_COMPLETE/;

/** What CloudFormation did to the function and the alarm, oldest first. */
function eventsOf(machine: Machine): Promise<string> {
  const resources = ['OrderDashstatusLambdaFunction', 'AlarmWithoutThreshold'];
  const ours = resources.map((resource) => `LogicalResourceId=='${resource}'`).join(' || ');
  const query = `reverse(StackEvents[?${ours}].[LogicalResourceId,ResourceStatus])`;
  return aws(machine, [
    'cloudformation',
    'describe-stack-events',
    '--stack-name',
    stackOf(STAGE),
    '--query',
    query,
  ]);
}

/** @throws Seen if the text is not there. */
function replaced(source: string, text: string, by: string): string {
  if (!source.includes(text)) throw new Seen(`serverless.yml has no "${text.trim()}" any more.`);
  return source.replace(text, () => by);
}

/** An alarm without a threshold can't be made. The deployment changes a function too, before it fails. */
async function failToDeploy(
  machine: Machine,
  folder: string,
  shop: Shop,
  platformKey: string,
): Promise<void> {
  const file = join(folder, 'serverless.yml');
  const source = await readFile(file, 'utf8');
  const alarm = `      AlarmWithoutThreshold:
        Type: AWS::CloudWatch::Alarm
        DependsOn: OrderDashstatusLambdaFunction
        Properties:
          Namespace: AWS/SQS
          MetricName: NumberOfMessagesSent
          Statistic: Sum
          Period: 60
          EvaluationPeriods: 1
          ComparisonOperator: GreaterThanThreshold
`;
  const withAlarm = replaced(source, '      DeliveriesQueue:\n', `${alarm}      DeliveriesQueue:\n`);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: serverless.yml has it so.
  await writeFile(file, replaced(withAlarm, ' STAGE: ${self:provider.stage}', ' STAGE: broken'));
  const output = await serverless(machine, folder, deployArguments(STAGE, platformKey), 1);
  await writeFile(file, source);
  expectMatch('what it prints', output, /AlarmWithoutThreshold/);
  await until(
    'the stack to be rolled back',
    120,
    async () => (await describeStack(STAGE))?.StackStatus === 'UPDATE_ROLLBACK_COMPLETE',
  );
  expectMatch('what happened, in its order', await eventsOf(machine), FAILED_AND_ROLLED_BACK);
  expectEqual('a variable of a function', await variableOf(machine, STAGE, 'order-status', 'STAGE'), STAGE);
  await shop.report('order-status', shop.order('after-failure'));
  await shop.message('anna', 'after-failure');
}
