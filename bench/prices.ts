/**
 * List prices in US dollars, region US East (N. Virginia), as AWS published them in the first half of 2026 (on-demand
 * DynamoDB as halved in November 2024). Without free tiers, without VAT. Other regions have lists of their own, commonly
 * 10 to 25 % above this one: put the prices of your region here and run `npm run bench:calls` again.
 *
 * @see https://aws.amazon.com/dynamodb/pricing/on-demand/, https://aws.amazon.com/lambda/pricing/,
 * https://aws.amazon.com/sqs/pricing/, https://aws.amazon.com/api-gateway/pricing/,
 * https://aws.amazon.com/cloudwatch/pricing/, https://aws.amazon.com/xray/pricing/,
 * https://aws.amazon.com/eventbridge/pricing/, https://aws.amazon.com/secrets-manager/pricing/
 */
export const PRICES = {
  perMillion: {
    /** API Gateway, HTTP API, up to 300 million a month. */
    httpRequest: 1.0,
    lambdaRequest: 0.2,
    readUnit: 0.125,
    writeUnit: 0.625,
    sqsFifoRequest: 0.5,
    sqsRequest: 0.4,
    traceRecorded: 5.0,
    scheduledRun: 1.0,
  },
  /** arm64. */
  lambdaGigabyteSecond: 0.0000133334,
  perGigabyte: {
    logIngested: 0.5,
    /** To the internet, where Telegram is. */
    sentOut: 0.09,
  },
  perGigabyteMonth: {
    table: 0.25,
    /** Continuous backups of the table, without its indexes. */
    pointInTimeRecovery: 0.2,
    logStored: 0.03,
  },
  perMonth: { secret: 0.4, alarm: 0.1, dashboard: 3.0, kmsKey: 1.0 },
};

/**
 * What one of our messages costs by other ways in Italy, in euro without VAT. Sources and dates are in docs/deploy.md, "The
 * same messages by SMS and WhatsApp".
 */
export const OTHER_WAYS = {
  /** Two parts: so long is a default message without its emoji. */
  sms: 2 * 0.05,
  whatsAppUtility: 0.0248,
  whatsAppMarketing: 0.0658,
};
