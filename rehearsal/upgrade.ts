/** The state of main before this one, with messages that wait; then the present state over it, and the guide's life of it. */
import { join } from 'node:path';
import { aws, deployArguments, describeStack, outputOf, serverless, stackOf } from './deployment.ts';
import { BOTS, type Machine } from './machine.ts';
import type { Pages } from './pages.ts';
import { copyFormer, copyPresent } from './product.ts';
import { Shell } from './shell.ts';
import { Shop } from './shop.ts';
import { expectEqual, expectMatch, stepsOf, until } from './steps.ts';

/** The stage of docs/deploy.md. */
const STAGE = 'prod';
const GUIDE = 'docs/deploy.md';
const RUNBOOK = 'docs/runbook.md';

const step = stepsOf(STAGE);

/** The commands of sections that have their own place in the story. */
const LATER = ['reserveConcurrency=no', 'manager-bot-token', 'check-site-key', 'syntheticCheck=yes'];

export async function rehearseUpgrade(machine: Machine, pages: Pages, from: string): Promise<void> {
  const former = await step(`A copy of ${from.slice(0, 7)}`, () =>
    copyFormer(join(machine.folder, 'former'), from),
  );
  const present = await step('A copy of the present state', () => copyPresent(join(machine.folder, STAGE)));
  const shell = new Shell({
    cwd: present,
    env: machine.environment,
    state: join(machine.folder, 'guide.sh'),
  });

  await step('Guide: before the deployment', () =>
    pages.runRest(shell, GUIDE, { until: 'npx serverless package', later: LATER }),
  );
  const platformKey = await shell.variable('PLATFORM_KEY');
  await step('The former state is deployed', () =>
    serverless(machine, former, deployArguments(STAGE, platformKey)).then(() => undefined),
  );
  const { shop, refused, operated } = await step('Two shops of it, with messages that wait', () =>
    letWait(machine, platformKey),
  );

  await step('Guide: the present state is deployed over it', () =>
    pages.runRest(shell, GUIDE, { until: 'npm run site -- create', later: LATER }),
  );
  const runbook = new Shell({
    cwd: present,
    env: machine.environment,
    state: join(machine.folder, 'runbook.sh'),
  });
  await step('Runbook: which messages wait', () =>
    pages.runRest(runbook, RUNBOOK, {
      until: 'lanes | wc -l',
      words: { 'SITE=bottega': `SITE=${operated.siteId}` },
    }),
  );
  await step('Telegram is back', () => recover(runbook, shop, refused));
  const bottega = await step('Guide: the first message', () => firstMessage(machine, pages, shell));
  await Promise.all([
    step('All that waited before the update arrives once, and so does the scheduled cart', () =>
      arrive(shop, refused),
    ),
    step('Runbook: every command', () => pages.runRest(runbook, RUNBOOK)),
    liveOn(pages, shell, bottega),
  ]);
  await step('Guide: restore a table', () => restore(pages, shell));
  await checkServed(bottega, 'after-restoring');
  await step('Guide: remove', () => run(pages, shell, 'npx serverless remove'));
  await step('What holds data is still there, and nothing else', () => checkRemains(machine, shop));
  await step('Guide: delete the tables too', () => pages.runRest(shell, GUIDE));
}

async function letWait(
  machine: Machine,
  platformKey: string,
): Promise<Record<'shop' | 'refused' | 'operated', Shop>> {
  const api = await outputOf(STAGE, 'ApiUrl');
  const common = { stage: STAGE, api, telegram: machine.telegram };
  const shop = new Shop({
    ...common,
    siteId: 'former',
    bot: BOTS.former,
    chats: { anna: 2001, bruno: 2002 },
  });
  const refused = new Shop({ ...common, siteId: 'refused', bot: BOTS.refused, chats: { anna: 3001 } });
  // The runbook's commands are about this one.
  const operated = new Shop({ ...common, siteId: 'operated', bot: BOTS.guide, chats: {} });
  await operated.open(platformKey);
  for (const one of [shop, refused]) {
    await one.open(platformKey);
    await one.saveBot();
    await one.link('anna');
  }
  await shop.link('bruno');
  // Telegram is out for one shop, and refuses the bot of the other.
  await shop.fail('anna', 502);
  await refused.fail('anna', 401);
  for (const one of [shop, refused])
    for (const number of [1, 2, 3]) await reportOrder(one, `attesa-${number}`);
  // Long enough for the update, and over before the end of the story.
  await shop.expect(200, 'PATCH', '', { abandonedCartHours: 4 / 60 });
  const cart = {
    id: 'c',
    itemCount: 1,
    total: { amount: '83.00', currency: 'EUR' },
    url: 'https://shop.example/carrello',
  };
  await shop.expect(202, 'POST', '/events/abandoned-cart', {
    eventId: 'cart',
    cart,
    user: { id: 'bruno' },
  });
  for (const one of [shop, refused])
    await until(
      `three waiting messages of ${one.siteId}`,
      90,
      async () => (await waiting(one)) === 3,
      () => one.call('GET', '/deliveries'),
    );
  return { shop, refused, operated };
}

/** One of them is tried now and then, the others wait for it. */
const UNSENT = ['waiting', 'retrying'];

async function waiting(shop: Shop): Promise<number> {
  const { deliveries } = await shop.expect(200, 'GET', '/deliveries?event=order-status');
  return (deliveries as { status: string }[]).filter(({ status }) => UNSENT.includes(status)).length;
}

async function reportOrder(shop: Shop, reference: string, userId?: string): Promise<void> {
  await shop.expect(202, 'POST', '/events/order-status', shop.order(reference, userId));
}

/** Telegram is back, and the refused bot is saved again. Nothing has arrived before. */
async function recover(runbook: Shell, shop: Shop, refused: Shop): Promise<void> {
  for (const one of [shop, refused]) {
    const early = (await one.messages('anna')).filter((text) => text.includes('attesa'));
    expectEqual(`messages of ${one.siteId} before Telegram is back`, early, []);
    await one.heal('anna');
  }
  await refused.saveBot();
  await runbook.run(`drain ${shop.siteId}`);
}

/** The chat that was answered 502 is tried again after a pause that grows with the outage: minutes, at most. */
async function arrive(shop: Shop, refused: Shop): Promise<void> {
  for (const one of [refused, shop])
    for (const number of [1, 2, 3]) await one.message('anna', `attesa-${number}`, 400);
  await shop.message('bruno', '83.00', 400);
}

async function firstMessage(machine: Machine, pages: Pages, shell: Shell): Promise<Shop> {
  const created = await pages.run(shell, GUIDE, 'npm run site -- create');
  const [siteKey = ''] = /pwtg_\S+/.exec(created.out) ?? [];
  const api = await shell.variable('API');
  const bottega = new Shop({
    siteId: 'bottega',
    stage: STAGE,
    api,
    telegram: machine.telegram,
    bot: BOTS.guide,
    url: 'https://bottega.example',
    chats: { io: 4001 },
  });
  bottega.siteKey = siteKey;
  await pages.run(shell, GUIDE, 'npm run site -- bot', { input: `${siteKey}\n${bottega.bot.token}\n` });
  const tested = await pages.run(shell, GUIDE, '/bot/test', { input: `${siteKey}\n` });
  expectMatch('the test of the bot', tested.out, /bottega_bot/);
  const linked = await pages.run(shell, GUIDE, '/users/io/link');
  const [, link = ''] = /"url":"([^"]+)"/.exec(linked.out) ?? [];
  await bottega.follow('io', link);
  await bottega.message('io', 'Ada');
  await pages.run(shell, GUIDE, '/events/order-status');
  await bottega.message('io', 'OC 2026/0001');
  return bottega;
}

/** What the guide tells to do with a deployment that is in use. */
async function liveOn(pages: Pages, shell: Shell, bottega: Shop): Promise<void> {
  await step('Guide: a domain, webhooks set again, the key of the tokens changed', () =>
    pages.runRest(shell, GUIDE, { until: 'deploy list', later: LATER }),
  );
  await checkServed(bottega, 'after-keys');
  await step('Guide: roll back', () => run(pages, shell, 'serverless rollback'));
  await checkServed(bottega, 'after-rollback');
  await step('Guide: the synthetic check, and a message of it', () =>
    checkSynthetically(pages, shell, bottega),
  );
  await step('Guide: a manager bot, and the way to a bot', () => beginManaged(pages, shell, bottega));
  await step('Guide: parameters of a small account', () => run(pages, shell, 'reserveConcurrency=no'));
  await checkServed(bottega, 'small-account');
}

async function run(pages: Pages, shell: Shell, text: string): Promise<void> {
  await pages.run(shell, GUIDE, text);
}

async function beginManaged(pages: Pages, shell: Shell, bottega: Shop): Promise<void> {
  await pages.run(shell, GUIDE, 'manager-bot-token', { input: `${BOTS.manager.token}\n` });
  const { url } = await bottega.expect(201, 'POST', '/bot/managed', { replace: true });
  expectMatch('the link', String(url), /^https:\/\/t\.me\/passweb_manager_bot\?start=[\w-]+$/);
  const answer = await fetch(`${bottega.telegram}/bot${BOTS.manager.token}/getWebhookInfo`);
  const { result } = (await answer.json()) as { result: { url: string } };
  expectEqual('the webhook of the manager bot', result.url, `${bottega.api}/v1/telegram/manager`);
}

async function checkSynthetically(pages: Pages, shell: Shell, bottega: Shop): Promise<void> {
  await run(pages, shell, 'check-site-key');
  const words = { 'checkSite=controllo': `checkSite=${bottega.siteId}`, 'checkUser=noi': 'checkUser=io' };
  await pages.run(shell, GUIDE, 'syntheticCheck=yes', { words });
  const before = (await bottega.messages('io')).length;
  await shell.run('aws lambda invoke --function-name passweb-telegram-$STAGE-synthetic-check /dev/null');
  await until(
    'a message of the synthetic check',
    90,
    async () => (await bottega.messages('io')).length > before,
  );
}

/** The table is deleted as section 8 says, and restored as section 9 says. */
async function restore(pages: Pages, shell: Shell): Promise<void> {
  await run(pages, shell, 'restore-table-to-point-in-time');
  const table = '--region $REGION --table-name passweb-telegram-$STAGE-users';
  await shell.run(`aws dynamodb update-table ${table} --no-deletion-protection-enabled`);
  await shell.run(`aws dynamodb delete-table ${table}`);
  await run(pages, shell, 'restore-table-from-backup');
  await run(pages, shell, 'update-continuous-backups');
}

async function checkServed(shop: Shop, reference: string): Promise<void> {
  await step(`The shop is served (${reference})`, async () => {
    await reportOrder(shop, reference, 'io');
    await shop.message('io', reference);
  });
}

async function checkRemains(machine: Machine, shop: Shop): Promise<string> {
  expectEqual('the stack', await describeStack(STAGE), undefined);
  const functions = await aws(machine, [
    'lambda',
    'list-functions',
    '--query',
    `Functions[?starts_with(FunctionName, '${stackOf(STAGE)}-')].FunctionName`,
  ]);
  expectEqual('its functions', functions, '');
  const tables = await aws(machine, [
    'dynamodb',
    'list-tables',
    '--query',
    `TableNames[?starts_with(@, '${stackOf(STAGE)}-')]`,
  ]);
  expectEqual('its tables', tables.split(/\s+/).length, 14);
  const key = JSON.stringify({ siteId: { S: shop.siteId } });
  const name = await aws(machine, [
    'dynamodb',
    'get-item',
    '--table-name',
    `${stackOf(STAGE)}-sites`,
    '--key',
    key,
    '--query',
    'Item.name.S',
  ]);
  expectEqual('the name of a site', name, 'Shop');
  return 'fourteen tables';
}
