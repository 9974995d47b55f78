/**
 * A process of its own that does in one warm function what thousands of shops and strangers ask for, and prints how many
 * MB each cache then keeps.
 *
 *     npx node --expose-gc tests/store/memory-once.ts
 */
import { demoSite } from '../../local/demo.ts';

const MB = 1_000_000;
const SITES = 5_000;

process.env.BOT_TOKEN_KEY = Buffer.alloc(32).toString('base64');
process.env.SITES_TABLE = 'sites';
process.env.AWS_REGION = 'eu-south-1';

const { database } = await import('../../lib/aws/dynamodb.ts');
const { findSite } = await import('../../lib/store/sites.ts');
const { formatDate, formatMoney } = await import('../../lib/i18n/format.ts');
const { parseMustache } = await import('../../lib/templates/mustache.ts');
const { eventReport } = await import('../../lib/events/report.ts');
const { abandonedCart } = await import('../../lib/schedule/abandoned-cart-event.ts');

let items: (siteId: string) => unknown = () => undefined;
Object.assign(database, {
  send: async ({ input }: { input: { Key: { siteId: string } } }) => {
    const item = items(input.Key.siteId);
    // As from the network: strings of its own for each site.
    return { Item: item && JSON.parse(JSON.stringify(item)) };
  },
});

/** Heap and native memory (the formatters of Intl are mostly native). */
async function used(): Promise<number> {
  for (let round = 0; round < 4; round++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return process.memoryUsage().heapUsed;
}

async function growth(fill: (index: number) => unknown, times: number): Promise<number> {
  const before = await used();
  for (let index = 0; index < times; index++) await fill(index);
  return Math.round(((await used()) - before) / MB);
}

const site = demoSite();
const ordinary = (siteId: string) => (siteId.endsWith('#version') ? undefined : { ...site, siteId });
/** All that a site may hold: DynamoDB's limit for an item is 400 KB. */
const large = (siteId: string) => {
  const text = { it: `${siteId} `.padEnd(3_900, 'testo '), en: `${siteId} `.padEnd(3_900, 'text ') };
  const [first] = site.templates;
  return {
    ...site,
    siteId,
    templates: Array.from({ length: 45 }, (_, id) => ({ ...first, id: `${id}`, text })),
  };
};
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const currencyOf = (index: number) =>
  [index, index / 26, index / 676].map((part) => LETTERS[Math.trunc(part) % 26]).join('');
const ZONES = Intl.supportedValuesOf('timeZone');

const { report } = eventReport(abandonedCart);
const results: Record<string, number> = {};

items = ordinary;
results.sites = await growth((index) => findSite(`site-${index}`), SITES);
items = large;
results.largeSites = await growth((index) => findSite(`large-${index}`), 200);
const { mayCall } = await import('../../lib/store/find-credentials.ts').catch(() => ({
  mayCall: async () => false,
}));
items = () => undefined;
results.strangers = await growth((index) => mayCall(`stranger-${index}`, () => false), 10_000);
results.templates = await growth((index) => parseMustache(`${index} {{b}}${' {{a}}'.repeat(650)}`), 1_000);
results.shortTemplates = await growth(
  (index) => parseMustache(`Ordine {{a}} di {{b}} numero ${index}`),
  5_000,
);
results.formats = await growth((index) => {
  formatMoney({ amount: '1', currency: currencyOf(index) }, 'it');
  formatDate('2026-11-22T10:00:00Z', index % 2 ? 'it' : 'en', ZONES[index % ZONES.length] ?? '');
}, 1_000);
results.schemas = await growth(
  (index) =>
    report({}, { ...site, siteId: `site-${index}`, url: `https://shop-${index}.example` }, 'https').catch(
      () => 0,
    ),
  500,
);
console.log(JSON.stringify({ ...results, rss: Math.round(process.memoryUsage.rss() / MB) }));
