/**
 * The direction of imports: `npm run imports`. The rooms (folders) of `lib` have an order. A room imports only rooms
 * that come before it. Each rule has a comment with its reason.
 */

/** In this order: `domain` imports no other room, and `openapi` may import all of them. */
const ROOMS = [
  'domain',
  'aws',
  'observability',
  'i18n',
  'telegram',
  'store',
  'http',
  'deliveries',
  'templates',
  'events',
  'schedule',
  'users',
  'bot',
  'webhooks',
  'sites',
  'openapi',
];

const roomRules = ROOMS.slice(0, -1).map((room, index) => ({
  name: `${room}-imports-only-rooms-before-it`,
  comment: `"${room}" imports only rooms that come before it. Otherwise rooms import each other in a circle.`,
  severity: 'error',
  from: { path: `^lib/${room}/` },
  to: { path: `^lib/(?:${ROOMS.slice(index + 1).join('|')})/` },
}));

/** Imports of types count too: they cost nothing at run time, but the code depends on them. */
export default {
  forbidden: [
    ...roomRules,
    {
      name: 'every-room-has-a-place',
      comment: 'A new room of lib needs a place in the order above. Without a place, no rule checks it.',
      severity: 'error',
      from: {},
      to: { path: '^lib/', pathNot: `^lib/(${ROOMS.join('|')})/` },
    },
    {
      name: 'lib-never-imports-functions',
      comment: 'Functions use lib. Code that lib needs belongs in lib.',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^functions/' },
    },
    {
      name: 'no-function-imports-another',
      comment: 'Each Lambda is deployed alone. Code that two functions share belongs in lib.',
      severity: 'error',
      from: { path: '^functions/([^/.]+)' },
      to: { path: '^functions/', pathNot: '^functions/$1[.]' },
    },
    {
      name: 'the-console-talks-to-the-api-only',
      comment:
        'The console runs in browsers. It takes from the server only types, and words that know nothing of it.',
      severity: 'error',
      from: { path: '^console/' },
      to: {
        pathNot: [
          '^console/',
          '^lib/(domain|i18n)/',
          '^clients/typescript/',
          '^node_modules/(preact|@preact)/',
        ],
      },
    },
    {
      name: 'nothing-imports-the-console',
      comment: 'scripts/console-files.ts builds it. Nothing that is deployed beside it needs its code.',
      severity: 'error',
      from: { pathNot: '^console/' },
      to: { path: '^console/' },
    },
    {
      name: 'no-circles',
      comment:
        'If files import each other in a circle, none of them can be read, tested or moved without all the others.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'only-aws-and-store-know-dynamodb',
      comment:
        'Only aws and the store know how data is stored. All other code uses the functions of the store.',
      severity: 'error',
      from: { path: '^(functions|lib)/', pathNot: '^lib/(aws|store)/' },
      to: { path: 'node_modules/@aws-sdk/(client-dynamodb|lib-dynamodb)' },
    },
    {
      name: 'only-telegram-knows-telegraf',
      comment:
        'telegraf adds 400 KB to a bundle and is no longer developed. Only the dispatch of updates needs it.',
      severity: 'error',
      from: { path: '^(functions|lib)/', pathNot: '^lib/telegram/' },
      to: { path: 'node_modules/telegraf' },
    },
    {
      name: 'only-these-call-telegram',
      comment:
        'A call to Telegram needs a decrypted token and must keep the rate limit. Every place that calls it is named here.',
      severity: 'error',
      from: {
        path: '^(functions|lib)/',
        pathNot: [
          '^lib/telegram/',
          '[.]docs[.]ts$',
          // Only the time that a call takes.
          '^lib/deliveries/send-time[.]ts$',
          '^lib/deliveries/(attempt|former-messages|take-back)[.]ts$',
          '^lib/bot/(conversation|bot-setup|keyboards)[.]ts$',
          '^lib/sites/(save-bot|leave-webhook|test-bot|bot-errors|set-webhook|mend-webhook|look-at-webhooks|reset-webhook|bot-photo)[.]ts$',
          '^lib/sites/managed/(manager|manager-updates|set-up|renew-token)[.]ts$',
        ],
      },
      to: { path: '^lib/telegram/client[.]ts$' },
    },
    {
      name: 'lambda-types-stay-at-the-edge',
      comment:
        "Requests of AWS are parsed where they come in. All other code knows nothing of AWS's formats.",
      severity: 'error',
      from: {
        path: '^(functions|lib)/',
        pathNot: [
          '^lib/http/',
          '^lib/events/(handler|http-adapter|queue-adapter|dead-letters)[.]ts$',
          '^lib/deliveries/(deliver-batch|shared-clock)[.]ts$',
          '^functions/(deliver|drain|outgoing|people)[.]ts$',
        ],
      },
      to: { path: ['^aws-lambda$', 'node_modules/@types/aws-lambda'] },
    },
    {
      name: 'nothing-deployed-imports-what-is-not',
      comment:
        'The local run, tests, benchmarks, fuzzing, the rehearsal and commands are not deployed, so deployed code must not need them.',
      severity: 'error',
      from: { path: '^(functions|lib)/' },
      to: { path: '^(local|tests|bench|fuzz|rehearsal|scripts)/' },
    },
    {
      name: 'texts-of-the-description-stay-out-of-the-bundles',
      comment:
        'Only the generator of the OpenAPI document needs the texts about the routes. Bundles stay smaller without them.',
      severity: 'error',
      from: { path: '^(functions|lib)/', pathNot: '(^lib/openapi/|[.]docs[.]ts$)' },
      to: { path: '(^lib/openapi/|[.]docs[.]ts$)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
