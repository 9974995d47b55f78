/**
 * The direction of imports: `npm run imports`. The rooms of `lib` stand in an order, and a room imports only those that
 * stand before it; each rule says why it is there.
 */

/** From the words that everybody uses to what is built of all the others. */
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
  'sites',
  'openapi',
];

const roomRules = ROOMS.slice(0, -1).map((room, index) => ({
  name: `${room}-imports-only-rooms-before-it`,
  comment: `A change in a room must not reach the rooms that stand before it: "${room}" would then hang on them in a circle.`,
  severity: 'error',
  from: { path: `^lib/${room}/` },
  to: { path: `^lib/(?:${ROOMS.slice(index + 1).join('|')})/` },
}));

/** Types cost nothing at run time, and say what a function is called with: they count as imports all the same. */
export default {
  forbidden: [
    ...roomRules,
    {
      name: 'every-room-has-a-place',
      comment: 'A new room of lib gets its place in the order above, or no rule looks at it.',
      severity: 'error',
      from: {},
      to: { path: '^lib/', pathNot: `^lib/(${ROOMS.join('|')})/` },
    },
    {
      name: 'lib-never-imports-functions',
      comment: 'A function is one way to use lib. What lib needs of it belongs into lib.',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^functions/' },
    },
    {
      name: 'no-function-imports-another',
      comment: 'Each Lambda is deployed by itself: what two of them share lies in lib.',
      severity: 'error',
      from: { path: '^functions/([^/.]+)' },
      to: { path: '^functions/', pathNot: '^functions/$1[.]' },
    },
    {
      name: 'no-circles',
      comment: 'In a circle no file can be read, tested or moved without all the others.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'only-aws-and-store-know-dynamodb',
      comment: 'How data is kept is for the store to know: everything else asks it in words of the domain.',
      severity: 'error',
      from: { path: '^(functions|lib)/', pathNot: '^lib/(aws|store)/' },
      to: { path: 'node_modules/@aws-sdk/(client-dynamodb|lib-dynamodb)' },
    },
    {
      name: 'only-telegram-knows-telegraf',
      comment: 'telegraf weighs 400 KB and is no longer developed: only taking updates apart needs it.',
      severity: 'error',
      from: { path: '^(functions|lib)/', pathNot: '^lib/telegram/' },
      to: { path: 'node_modules/telegraf' },
    },
    {
      name: 'only-these-call-telegram',
      comment:
        'A call to Telegram needs a decrypted token and keeps its limits: each place that makes one is named here.',
      severity: 'error',
      from: {
        path: '^(functions|lib)/',
        pathNot: [
          '^lib/telegram/',
          '[.]docs[.]ts$',
          '^lib/deliveries/attempt[.]ts$',
          '^lib/users/former-chat[.]ts$',
          '^lib/bot/(conversation|bot-setup|keyboards)[.]ts$',
          '^lib/sites/(save-bot|test-bot|bot-errors)[.]ts$',
        ],
      },
      to: { path: '^lib/telegram/client[.]ts$' },
    },
    {
      name: 'lambda-types-stay-at-the-edge',
      comment: 'What AWS hands over is taken apart where it comes in; behind that nothing knows of AWS.',
      severity: 'error',
      from: {
        path: '^(functions|lib)/',
        pathNot: [
          '^lib/http/',
          '^lib/events/(handler|http-adapter|queue-adapter|dead-letters)[.]ts$',
          '^lib/deliveries/(deliver-batch|shared-clock)[.]ts$',
          '^functions/deliver[.]ts$',
        ],
      },
      to: { path: ['^aws-lambda$', 'node_modules/@types/aws-lambda'] },
    },
    {
      name: 'nothing-deployed-imports-what-is-not',
      comment: 'The local run, tests, benchmarks and commands are not deployed.',
      severity: 'error',
      from: { path: '^(functions|lib)/' },
      to: { path: '^(local|tests|bench|fuzz|scripts)/' },
    },
    {
      name: 'texts-of-the-description-stay-out-of-the-bundles',
      comment: 'Only the generator of the OpenAPI document reads what is said of the routes.',
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
